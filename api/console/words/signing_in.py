"""Signing in."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # signing in
    "sign_in": ("登录", "Sign in"),
    "sign_in_about": (
        "看得见的窗口，说得清的提醒。看不清的，从不归咎于人。",
        "Windows in sight, alerts that can be explained. What cannot be seen accuses nobody.",
    ),
    "user_name": ("用户名", "User name"),
    "password": ("密码", "Password"),
    "sign_in_wrong": ("用户名或密码不对，请再试一次", "User name or password is wrong; try again"),
    "sign_in_locked": (
        "密码错误次数过多，请 {minutes} 分钟后再试",
        "Too many wrong passwords; try again in {minutes} min",
    ),
    "sign_in_blank": ("请填写用户名和密码", "Give a user name and a password"),
    "sign_in_office": ("用单位统一账号登录", "Sign in with the office's account"),
    "sign_in_office_failed": (
        "单位统一登录没有成功：账号可能还没有在这里开通，请联系管理员。",
        "The office's sign-in did not work: ask the administrator for an account.",
    ),
}
