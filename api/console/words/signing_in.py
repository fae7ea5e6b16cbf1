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
}
