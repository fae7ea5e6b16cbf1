"""The note in every bundle for whoever opens it."""

from __future__ import annotations

README_TEXT = """\
大厅守望 证据包
================
report.pdf      给人看的报告
record.json     给程序看的完整记录
alerts/         每条提醒的录像与截图
complaints/     为投诉调取的录像（如有）
manifest.json   每个文件的长度与 SHA-256
manifest.sig    对 manifest.json 的 Ed25519 签名
public-key.pem  签名人的公钥

核对（不需要联网，在任何一台电脑上）：
    hallwatch verify 本文件.zip
它会说出哪个文件被改动、缺少或多出，并显示公钥指纹。请把指纹与出具单位另行告知的指纹比对：
谁都可以用自己的密钥重新签名，只有指纹能说明是谁签的。

没有 hallwatch 时：
    openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in manifest.json -sigfile manifest.sig
    sha256sum 各文件，与 manifest.json 比对

Hallwatch evidence bundle
=========================
report.pdf for people, record.json for programs, clips and stills below alerts/, footage cut out
for complaints, if any, below complaints/. Check it offline with `hallwatch verify FILE`, or with the
openssl and sha256sum commands above. Compare the key's fingerprint with the one that the issuing
office told you by another way: anybody can sign anew with a key of their own.
"""  # noqa: E501
