"""What is kept of whom, where and for how long."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "nav.privacy": ("数据保护", "Data protection"),
    "privacy_about": (
        "本厅留存什么、放在哪里、多久删除",
        "What this hall keeps, where, and when it is deleted",
    ),
    "privacy_what": ("留存什么", "What is kept"),
    "privacy_seen": (
        "系统看窗口是否有人、是否有人等候，以及工作时间内的规定行为。不做人脸识别，不记录群众身份，不录声音用于识别。",
        "The system sees whether a window is attended, whether people wait, and conduct that the rules name. No face is recognised, no citizen identified, no sound analysed.",
    ),
    "privacy_blur": (
        "显示和导出的录像、截图、实时画面中，工作人员岗位以外的区域默认打码。核查人员可说明理由后查看原件，每次都记入访问日志。实时画面按检测到的人打码，漏检的人可能未被遮挡。",
        "In clips, stills and live pictures, whatever lies outside the clerks' places is blurred, on the screen and in exports. A reviewer may lift the blur with a reason, and each time is in the access log. Live pictures are blurred where people are detected: somebody who is missed may be seen.",
    ),
    "privacy_who": (
        "主管、核查人员、负责人只看本人所属大厅；工作人员只看涉及本人的案件；系统管理员看不到提醒和画面。",
        "Supervisors, reviewers and heads see their own halls, clerks their own cases; an administrator sees neither alerts nor pictures.",
    ),
    "privacy_where": (
        "录像、截图和记录存放在本单位的服务器及其数据库中，不上传到外部服务。若启用了企业微信等消息通知，只发出提醒的文字。连续录像留存几天由大厅文件决定。",
        "Clips, stills and records are kept on the office's own server and database, and sent nowhere. Where messages (WeCom and the like) are in use, only an alert's words go out. The hall file says how many days of continuous recordings are kept.",
    ),
    "privacy_rights": (
        "到期后文件从磁盘删除、姓名和文字说明从记录中抹去，并在访问日志中留下删除记录。案件的处理决定作为档案长期保存。",
        "When the time is over, files are removed from the disk, names and free text from the rows, and the log says so. The decisions of cases are kept as the office's archive.",
    ),
    "privacy_terms": ("保存期限", "How long"),
    "kept.evidence": ("提醒的录像和截图", "Clips and stills of alerts"),
    "kept_how.evidence": (
        "未进入案件的，自提醒结束起算",
        "Of alerts that led to no case, from their end on",
    ),
    "kept.footage": ("调取的录像", "Footage that was cut out"),
    "kept_how.footage": (
        "自调取起算；未答复的投诉所附录像不删",
        "From the day it was cut; kept while a complaint is not answered",
    ),
    "kept.alerts": ("提醒中的姓名和文字", "Names and words in alerts"),
    "kept_how.alerts": (
        "未进入案件的，自提醒结束起算；之后只剩无姓名的统计",
        "Of alerts that led to no case; then only figures without names remain",
    ),
    "kept.complainants": ("投诉人的姓名和联系方式", "Who complained, and how to reach them"),
    "kept_how.complainants": ("自答复起算", "From the answer on"),
    "kept.cases": ("案件所附的录像和姓名", "Evidence and names in cases"),
    "kept_how.cases": ("自结案起算", "From the day the case was closed"),
    "kept.access_log": ("访问日志", "Access log"),
    "kept_how.access_log": (
        "所有大厅共用一份，依网络安全法不少于六个月",
        "One for all halls; six months at least, by law",
    ),
    "privacy_days": ("天", "days"),
    "privacy_n_days": ("{n} 天", "{n} days"),
    "privacy_save": ("保存", "Set"),
    "privacy_limits": ("请填 {least} 到 {most} 天", "{least} to {most} days, please"),
    "privacy_saved": ("已保存（默认 {default} 天）", "Set (the default is {default} days)"),
    "holds_title": ("法律保留", "Legal holds"),
    "holds_about": (
        "被保留的提醒、案件或录像在解除之前不会被删除，例如正在复议或诉讼。",
        "Nothing of an alert, case or footage under a hold is deleted until the hold is lifted, for a lawsuit say.",
    ),
    "holds_object": ("保留什么", "What to hold"),
    "holds_object_hint": (
        "case/案件序号、alert/提醒编号 或 footage/录像序号",
        "case/NUMBER, alert/UID or footage/NUMBER, as in their address",
    ),
    "holds_reason": ("理由", "Reason"),
    "holds_lay": ("设为保留", "Lay the hold"),
    "holds_laid": ("已设为保留", "The hold is laid"),
    "holds_nothing": ("本厅没有这一项", "There is no such thing in this hall"),
    "holds_lift": ("解除", "Lift"),
    "holds_lift_ask": ("解除对 {thing} 的保留？", "Lift the hold on {thing}?"),
    "holds_lift_about": (
        "解除后，已到期的内容会在下一次清理时删除，不能恢复。",
        "What is too old is then deleted at the next sweep, for good.",
    ),
    "holds_gone": ("这项保留已经解除", "The hold was lifted already"),
}
