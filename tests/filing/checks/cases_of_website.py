"""Cases of the domain, the website and its server."""

from datetime import date, timedelta

from filing.subject import SubjectKind
from tests.filing.checks.case import company, filed_in, named, named_by_person, person
from tests.filing.checks.samples import TODAY

DOMAIN = (
    company("domain.holder_not_accepted", {"website.domain_holder": "other"}, holder="other"),
    company(
        "domain.holder_needs_letter",
        {**filed_in("重庆"), "website.domain_holder": "legal_representative"},
        {"website.domain_holder": "subject"},
        letter="unit_authorisation",
    ),
    company("domain.expired", {"website.domain_valid_until": date(2026, 11, 22)}),
    company(
        "domain.expires_too_soon",
        {"website.domain_valid_until": TODAY + timedelta(days=90)},
        {"website.domain_valid_until": TODAY + timedelta(days=91)},
        days=90,
        until="2027-02-22",
    ),
    company(
        "domain.verified_too_recently",
        {"website.domain_verified_on": date(2026, 11, 19)},
        {"website.domain_verified_on": date(2026, 11, 18)},
        days=3,
        ready="2026-11-24",
    ),
    company(
        "domain.suffix_not_allowed",
        {"subject.kind": SubjectKind.PUBLIC_INSTITUTION, "website.domain": "example.com"},
        {"website.domain": "example.cn"},
    ),
    company(
        "domain.suffix_refused",
        {**filed_in("北京"), "website.domain": "example.io"},
        {"website.domain": "example.cc"},
        suffix=".io",
    ),
    company("domain.suffix_unlisted", {"website.domain": "example.dev"}, suffix=".dev"),
    company("domain.suffix_reserved", {"website.domain": "example.gov.cn"}, suffix=".gov.cn"),
    company(
        "domain.national_bodies_only",
        {**filed_in("吉林"), "website.domain": "中国样例.中国"},
        {"website.domain": "样例.中国"},
    ),
    company(
        "domain.prefix_word",
        {**filed_in("北京"), "website.domain": "中国样例.com"},
        {"website.domain": "样例.com"},
        word="中国",
    ),
    company(
        "domain.prefix_needs_approval",
        {**filed_in("上海"), "website.domain": "samplegame.com"},
        {"website.domain": "sample.com"},
        word="game",
    ),
)


SITE_NAME = (
    named("site_name.too_short", "云杉", "云杉样例", least=3),
    named("site_name.long", "云杉" * 11, "云杉样例", most=20),
    named("site_name.digits_only", "12345", "云杉12345"),
    named("site_name.latin_only", "Spruce", "云杉Spruce样例"),
    named("site_name.latin", "云杉Spruce样例", "云杉样例", "重庆"),
    named_by_person("site_name.pinyin", "云杉yunshan笔记", "云杉笔记", "广东"),
    named_by_person("site_name.digits", "云杉笔记123", "云杉笔记", "四川"),
    named("site_name.special_characters", "云杉样例！", "云杉样例", sign="!"),
    named("site_name.domain", "example.cn", "云杉样例"),
    named("site_name.homepage_url", "云杉样例www.example.cn", "云杉样例", "山东"),
    named_by_person("site_name.person_name", "样例甲读书笔记", "云杉读书笔记"),
    named_by_person("site_name.personal_site", "云杉个人天地", "云杉读书笔记", "河南"),
    named_by_person("site_name.village_name", "云杉村在线", "云杉读书笔记", "广东"),
    named("site_name.national_word", "中国云杉样例", "云杉样例", word="中国"),
    named("site_name.sensitive_word", "云杉反腐样例", "云杉样例", word="反腐"),
    named("site_name.supervision_word", "云杉投诉样例", "云杉样例", word="投诉"),
    named_by_person("site_name.forum_word", "云杉读书论坛", "云杉读书笔记", word="论坛"),
    named_by_person("site_name.generic_word", "云杉读书主页", "云杉读书笔记", word="主页"),
    named_by_person("site_name.business_word", "云杉读书商城", "云杉读书笔记", word="商城"),
    named("site_name.province_word", "云杉样例资讯", "云杉样例", "天津", word="资讯"),
    company(
        "site_name.own_word_needs_proof",
        {"website.name": "人民样例出版", "subject.name": "人民样例出版社有限公司"},
        {"website.name": "样例出版"},
        word="人民",
    ),
    named("site_name.approval_word", "云杉样例社区", "云杉样例", word="社区"),
    named_by_person("site_name.trade_word", "云杉读书批发", "云杉读书笔记", word="批发"),
    named_by_person("site_name.place_name", "长沙读书笔记", "云杉读书笔记", place="长沙"),
    named("site_name.administrative_place", "怒江样例信息", "云杉样例信息", "云南", place="怒江"),
    named("site_name.unrelated", "松果乐园", "云杉乐园", how="advised"),
)


WEBSITE = (
    person(
        "website.blog_not_allowed",
        {**filed_in("北京"), "website.service_content": "blog"},
        {"website.service_content": "other"},
    ),
    company(
        "website.service_content_not_allowed",
        {**filed_in("江西"), "website.service_content": "other"},
        {"website.service_content": "unit_portal"},
        allowed="unit_portal",
    ),
    person("website.remark_missing", {"website.remark": None}),
    company(
        "website.remark_for_content",
        {**filed_in("湖北"), "website.service_content": "other", "website.remark": None},
        {"website.service_content": "unit_portal"},
        chosen="other",
    ),
    person(
        "website.remark_too_short",
        {**filed_in("内蒙古"), "website.remark": "纯个人网站"},
        {"website.remark": "纯个人网站，不含单位信息，分享自己读过的书和拍的照片，每周更新一篇"},
        least=30,
        found=5,
    ),
    person(
        "website.remark_declaration",
        {**filed_in("天津"), "website.remark": "分享读书笔记"},
        {"website.remark": "纯个人网站，分享读书笔记"},
    ),
    company(
        "website.remark_content",
        {**filed_in("内蒙古"), "website.remark": None},
        {"website.remark": "仅作展示，不含在线交易"},
        wanted="display_only",
    ),
    company(
        "website.remark_for_ips",
        {**filed_in("天津"), "website.ips": ("203.0.113.7", "203.0.113.8"), "website.remark": None},
        {"website.ips": ("203.0.113.7",)},
    ),
    company(
        "website.language_required",
        {**filed_in("上海"), "website.languages": ("en",)},
        {"website.languages": ("en", "zh-Hans")},
        language="zh-Hans",
    ),
    company(
        "website.many_languages",
        {"website.languages": ("zh-Hans", "en", "ja")},
        {"website.languages": ("zh-Hans", "en")},
        most=2,
    ),
)


PRE_APPROVAL = (
    company("pre_approval.none_with_others", {"website.pre_approval": ("none", "news")}),
    company(
        "pre_approval.number_missing",
        {"website.pre_approval": ("news",)},
        {"website.pre_approval_number": "样例许可第1号"},
        category="news",
    ),
    person("pre_approval.not_for_individuals", {"website.pre_approval": ("culture",)}),
    company(
        "pre_approval.words",
        {"website.name": "云杉样例游戏"},
        {"website.pre_approval": ("game",)},
        category="game",
        word="游戏",
    ),
    person(
        "pre_approval.words_of_individual",
        {"website.remark": "分享游戏心得"},
        {"website.remark": "分享读书笔记，不涉及游戏"},
        category="game",
    ),
)


RESOURCES = (
    company("resources.server_overseas", {"resources.server_location": "overseas"}),
    company("resources.no_server", {"resources.server_location": "none"}),
    company(
        "resources.bought_too_short",
        {"resources.months_bought": 2},
        {"resources.months_bought": 3},
        months=3,
    ),
    company(
        "resources.ends_too_soon",
        {"resources.months_left": 2},
        {"resources.months_left": 3},
        months=3,
    ),
    company("resources.too_many_ips", {"website.ips": ("203.0.113.7", "203.0.113.8")}, most=1),
    company("resources.ip_not_public", {"website.ips": ("10.0.0.1",)}, ip="10.0.0.1"),
)


CASES = (
    *DOMAIN,
    *SITE_NAME,
    *WEBSITE,
    *PRE_APPROVAL,
    *RESOURCES,
)
