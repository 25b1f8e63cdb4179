"""Settings are read from the environment, and every mistake is told with its cure."""

from pathlib import Path

import pytest

from bot.checking import half_set, unfit
from bot.settings import BrokenSettings, load_settings, settings_table

DOCS = Path(__file__).parents[2] / "docs" / "settings.md"


def test_the_documented_table_is_the_generated_one() -> None:
    """To mend: write ``settings_table()`` below the introduction of docs/settings.md."""
    assert DOCS.read_text(encoding="utf-8").endswith(settings_table())


def test_an_empty_environment_is_enough(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings()
    assert settings.database.startswith("sqlite")
    assert settings.telegram_token is None


@pytest.mark.parametrize(
    "variables, told",
    [
        ({"BEIAN_PORT": "many"}, "BEIAN_PORT"),
        ({"BEIAN_PUBLIC_URL": "beian.example.cn"}, "BEIAN_PUBLIC_URL"),
        ({"BEIAN_TELEGRAM_MODE": "pigeon"}, "BEIAN_TELEGRAM_MODE"),
        ({"BEIAN_API_SECRET": "not allowed!"}, "BEIAN_API_SECRET"),
        ({"BEIAN_API_SECRET": "whsec_c2hvcnQ="}, "BEIAN_API_SECRET"),
        (
            {"BEIAN_TELEGRAM_TOKEN": "1:x", "BEIAN_TELEGRAM_MODE": "webhook"},
            "BEIAN_PUBLIC_URL",
        ),
        (
            {
                "BEIAN_TELEGRAM_TOKEN": "1:x",
                "BEIAN_TELEGRAM_MODE": "webhook",
                "BEIAN_PUBLIC_URL": "https://beian.example.cn",
                "BEIAN_TELEGRAM_WEBHOOK_SECRET": "not allowed!",
            },
            "BEIAN_TELEGRAM_WEBHOOK_SECRET",
        ),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variables: dict[str, str], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BrokenSettings, match=told) as caught:
        load_settings()
    assert "not allowed!" not in str(caught.value)


def test_proxies_in_front_are_named_by_network() -> None:
    assert load_settings(trusted_proxies="10.0.0.0/8, ::1").trusted_proxies == "10.0.0.0/8, ::1"
    with pytest.raises(BrokenSettings, match=r"BEIAN_TRUSTED_PROXIES.*10\.0\.0\.0/8"):
        load_settings(trusted_proxies="the balancer")


WECHAT = {
    "wechat_app_id": "wx0123456789abcdef",
    "wechat_secret": "a-secret",
    "wechat_token": "atoken",
    "wechat_aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
}


@pytest.mark.parametrize("left_out", WECHAT)
def test_half_a_wechat_account_is_refused_naming_the_rest(left_out: str) -> None:
    given = {name: value for name, value in WECHAT.items() if name != left_out}
    with pytest.raises(BrokenSettings, match=f"WeChat needs BEIAN_{left_out.upper()} too"):
        load_settings(**given)


@pytest.mark.parametrize(
    "wrong",
    [
        {"wechat_aes_key": "short"},
        {"wechat_aes_key": "!" * 43},
        {"wechat_aes_key_last": "a" * 44},
        {"wechat_token": "no spaces"},
        {"wechat_app_id": "no"},
        {"wechat_api_base": "ftp://127.0.0.1"},
    ],
)
def test_what_cannot_be_of_a_wechat_account_is_refused(wrong: dict[str, str]) -> None:
    [name] = wrong
    with pytest.raises(BrokenSettings, match=f"BEIAN_{name.upper()}") as refused:
        load_settings(**WECHAT | wrong)
    assert "a-secret" not in str(refused.value)
    assert load_settings(**WECHAT).wechat_api_base == "https://api.weixin.qq.com"


def test_wechat_without_an_address_of_ones_own_is_warned_of() -> None:
    [warning] = half_set(load_settings(**WECHAT))
    assert "BEIAN_PUBLIC_URL" in warning
    assert list(half_set(load_settings(**WECHAT, public_url="https://beian.example.cn"))) == []
    assert list(half_set(load_settings())) == []


WECOM = {
    "wecom_corp_id": "ww0123456789abcdef",
    "wecom_secret": "a-secret",
    "wecom_token": "atoken",
    "wecom_aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    "wecom_open_kfid": "wkAJ2GCAAAZSfhHCt7IFSvLKtMPxyJTw, wkAnother",
}


@pytest.mark.parametrize("left_out", WECOM)
def test_half_a_wecom_company_is_refused_naming_the_rest(left_out: str) -> None:
    given = {name: value for name, value in WECOM.items() if name != left_out}
    with pytest.raises(BrokenSettings, match=f"WeCom needs BEIAN_{left_out.upper()} too"):
        load_settings(**given)


@pytest.mark.parametrize(
    "name, value",
    [
        ("wecom_token", "no!"),
        ("wecom_aes_key", "short"),
        ("wecom_aes_key_last", "short"),
        ("wecom_open_kfid", "wkOne,customer service"),
        ("wecom_servicer", "zhang san"),
    ],
)
def test_a_wrong_setting_of_wecom_is_named(name: str, value: str) -> None:
    with pytest.raises(BrokenSettings, match=f"BEIAN_{name.upper()}"):
        load_settings(**{**WECOM, name: value})


def test_several_accounts_stand_with_commas_between_and_need_an_address_for_forms() -> None:
    settings = load_settings(**WECOM)
    assert settings.wecom_accounts == ("wkAJ2GCAAAZSfhHCt7IFSvLKtMPxyJTw", "wkAnother")
    assert [one for one in half_set(settings) if one.startswith("WeCom without")]
    assert not list(half_set(load_settings(**WECOM, public_url="https://beian.example.cn")))


def test_check_tells_beforehand_what_would_keep_the_program_from_starting() -> None:
    public = load_settings(public_url="https://beian.example.cn", master_key="too short")
    nameless, keyless = unfit(public)
    assert nameless.startswith("BEIAN_OPERATOR_NAME and BEIAN_OPERATOR_CONTACT must be set")
    assert keyless.startswith("BEIAN_MASTER_KEY")
    fit = load_settings(
        public_url="https://beian.example.cn",
        master_key="AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        operator_name="样例云",
        operator_contact="help@example.cn",
    )
    assert not [*unfit(fit), *unfit(load_settings())]
