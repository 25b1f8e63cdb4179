"""Phones, e-mail, domains, IP addresses."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from filing.identifiers import phone
from filing.identifiers.domain import DomainReading, parse_domain, read_domain, suffix_of, to_ascii
from filing.identifiers.email import parse_email
from filing.identifiers.ip import is_for_documentation, parse_ips
from filing.identifiers.phone import parse_landline, parse_mobile, parse_phone
from filing.invalid import Invalid, invalid
from tests.filing.identifiers.made import mobiles


@pytest.mark.parametrize(
    "typed",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "+86 13800138000",
        "(+86)138 0013 8000",
        "008613800138000",
        "8613800138000",
        "１３８００１３８０００",
        "一三八零零一三八零零零",
        "幺三八〇〇幺三八〇〇〇",
    ],
)
def test_the_ways_people_type_a_mobile_read_alike(typed: str) -> None:
    assert parse_mobile(typed) == "13800138000"


@given(mobiles)
@example("13000000860")  # 0086 inside the number is no country code
def test_every_mobile_of_a_new_range_is_taken(number: str) -> None:
    assert parse_mobile(number) == parse_phone(number) == number


@pytest.mark.parametrize(
    "typed,result",
    [
        ("1380013800", invalid("phone.mobile_length", length=10, expected=11)),
        ("12800138000", invalid("phone.mobile_prefix")),
        ("025-83112345", invalid("phone.landline")),
        ("400-888-8888", invalid("phone.hotline")),
        ("+852 9123 4567", invalid("phone.foreign", region="HK")),
        ("+1 650 253 0000", invalid("phone.foreign", region="US")),
        ("微信同号", invalid("phone.letters")),
        ("+x", invalid("phone.letters")),
        ("", invalid("text.empty")),
    ],
)
def test_what_is_no_mainland_mobile_is_refused_by_name(typed: str, result: Invalid) -> None:
    assert parse_mobile(typed) == result


@pytest.mark.parametrize(
    "typed,value",
    [
        ("025-83112345", "02583112345"),
        ("025-8311-2345", "02583112345"),
        ("(025)83112345", "02583112345"),
        ("+86 25 83112345", "02583112345"),
        ("02583112345-801", "02583112345-801"),
        ("025-83112345转801", "02583112345-801"),
        ("０２５－８３１１２３４５ 分机 801", "02583112345-801"),
        ("0551-6231234-5", "05516231234-5"),
        ("010 62345678", "01062345678"),
    ],
)
def test_landlines_keep_area_code_and_extension(typed: str, value: str) -> None:
    assert parse_landline(typed) == parse_phone(typed) == value


@pytest.mark.parametrize(
    "typed,refusal",
    [
        ("83112345", "phone.area_code_missing"),
        ("025-8311234", "phone.landline_length"),
        ("0900-83112345", "phone.area_code"),
        ("0123", "phone.landline_length"),
        ("400 888 8888", "phone.hotline"),
        ("+44 20 7946 0018", "phone.foreign"),
    ],
)
def test_what_is_no_landline_is_refused_by_name(typed: str, refusal: str) -> None:
    result = parse_landline(typed)
    assert isinstance(result, Invalid)
    assert result.code == refusal


def test_a_refused_phone_is_explained_as_what_it_resembles() -> None:
    assert parse_phone("12800138000") == invalid("phone.mobile_prefix")
    assert parse_phone("83112345") == invalid("phone.area_code_missing")


def test_what_a_normalised_phone_tells() -> None:
    assert phone.is_mobile("13800138000")
    assert not phone.is_mobile("02583112345")
    assert phone.is_virtual("17012345678")
    assert not phone.is_virtual("13800138000")
    assert phone.range_is_known("13800138000")
    assert not phone.range_is_known("15412345678")
    assert phone.range_is_known("02583112345-801")
    assert phone.written_out("02583112345-801") == "025-83112345-801"
    assert phone.written_out("05516231234") == "0551-6231234"
    assert phone.written_out("13800138000") == "13800138000"
    assert phone.landline_parts("13800138000") is None


@pytest.mark.parametrize(
    "typed,result",
    [
        ("a@example.cn", "a@example.cn"),
        (" Zhang.San@EXAMPLE.com。", "Zhang.San@example.com"),
        ("ａ＠ｅｘａｍｐｌｅ．ｃｎ", "a@example.cn"),
        ("a@example。cn", "a@example.cn"),
        ("mailto:a@example.cn", "a@example.cn"),
        ("<a@example.cn>", "a@example.cn"),
        ("a@例子.中国", "a@例子.中国"),
        ("example.cn", invalid("email.no_at")),
        ("a@b@example.cn", invalid("email.several")),
        ("张三@example.cn", invalid("email.chinese")),
        ("a@example", invalid("email.domain")),
        ("a@example..cn", invalid("email.form")),
        ("a" * 60 + "@example.cn", invalid("email.too_long", max=64)),
        ("", invalid("text.empty")),
    ],
)
def test_email(typed: str, result: str | Invalid) -> None:
    assert parse_email(typed) == result


@pytest.mark.parametrize(
    "typed,domain,subdomain",
    [
        ("example.cn", "example.cn", ""),
        ("WWW.Example.COM", "example.com", "www"),
        ("https://www.example.com:8080/path?x=1#y", "example.com", "www"),
        ("http://user@example.com", "example.com", ""),
        ("shop.m.example.com.cn", "example.com.cn", "shop.m"),
        ("example。com", "example.com", ""),
        ("ｅｘａｍｐｌｅ．ｃｏｍ", "example.com", ""),
        ("《example.com》", "example.com", ""),
        ("例子.中国", "例子.中国", ""),
        ("www.例子.公司.cn", "例子.公司.cn", "www"),
        ("xn--fsqu00a.xn--fiqs8s", "例子.中国", ""),
        ("a.github.io", "github.io", "a"),
        ("123.cn", "123.cn", ""),
        ("example.com.", "example.com", ""),
    ],
)
def test_the_registrable_domain_is_found(typed: str, domain: str, subdomain: str) -> None:
    reading = read_domain(typed)
    assert isinstance(reading, DomainReading)
    assert (reading.domain, reading.subdomain) == (domain, subdomain)
    assert reading.is_subdomain is (subdomain not in ("", "www"))
    assert parse_domain(domain) == domain
    assert suffix_of(domain) == reading.suffix


@pytest.mark.parametrize(
    "typed,result",
    [
        ("a@example.cn", invalid("domain.email")),
        ("203.0.113.5", invalid("domain.ip")),
        ("http://203.0.113.5:80/", invalid("domain.ip")),
        ("[2001:db8::1]", invalid("domain.ip")),
        ("example", invalid("domain.no_suffix")),
        ("还没买", invalid("domain.no_suffix")),
        ("example.notatld", invalid("domain.unknown_suffix", suffix="notatld")),
        ("com.cn", invalid("domain.only_suffix")),
        ("exa_mple.com", invalid("domain.characters")),
        ("-example.com", invalid("domain.characters")),
        ("exam!ple.com", invalid("domain.characters")),
        ("a" * 64 + ".com", invalid("domain.too_long")),
        ("", invalid("text.empty")),
    ],
)
def test_what_is_no_domain_is_refused_by_name(typed: str, result: Invalid) -> None:
    assert parse_domain(typed) == result


def test_a_chinese_domain_has_an_ascii_form() -> None:
    assert to_ascii("例子.中国") == "xn--fsqu00a.xn--fiqs8s"


@pytest.mark.parametrize(
    "typed,result",
    [
        ("139.198.1.1", "139.198.1.1"),
        ("１３９．１９８．１．１", "139.198.1.1"),
        ("139.198.1.1、139.198.1.2", "139.198.1.1,139.198.1.2"),
        ("139.198.1.1 139.198.1.1", "139.198.1.1"),
        ("139.198.1.1-139.198.1.1", "139.198.1.1"),
        ("2400:3200::0001", "2400:3200::1"),
        ("203.0.113.5", "203.0.113.5"),
        ("139.198.1.1-139.198.1.9", invalid("ip.range")),
        ("10.0.0.1", invalid("ip.private")),
        ("192.168.1.1", invalid("ip.private")),
        ("172.16.0.1", invalid("ip.private")),
        ("127.0.0.1", invalid("ip.private")),
        ("100.64.0.1", invalid("ip.private")),
        ("169.254.0.1", invalid("ip.private")),
        ("fd00::1", invalid("ip.private")),
        ("fe80::1%eth0", invalid("ip.form")),
        ("224.0.0.1", invalid("ip.reserved")),
        ("0.0.0.0", invalid("ip.reserved")),
        ("139.198.1", invalid("ip.form")),
        ("139.198.1.256", invalid("ip.form")),
        ("还不知道", invalid("ip.form")),
        ("1.1.1.1 " * 21, invalid("ip.too_many", max=20)),
        (" ", invalid("text.empty")),
    ],
)
def test_ip_addresses(typed: str, result: str | Invalid) -> None:
    assert parse_ips(typed) == result


@given(st.ip_addresses())
def test_an_address_is_taken_exactly_if_it_is_public_or_an_example(address: object) -> None:
    taken = isinstance(parse_ips(str(address)), str)
    is_public = getattr(address, "is_global", False) and not getattr(address, "is_multicast", True)
    reserved = getattr(address, "is_reserved", False)
    assert taken is (bool(is_public and not reserved) or is_for_documentation(str(address)))
