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
    "kept.measured": (
        "在岗、排队和叫号的原始数据",
        "What was measured of windows and queues, and said by the ticket system",
    ),
    "kept_how.measured": (
        "窗口每个时段的状态、每分钟排队人数、到窗口办理的起止时间、叫号系统上报的窗口状态；不含画面、姓名和号码。到期前先汇总成每日数字；被保留的提醒当天的记录不删",
        "How windows stood from moment to moment, people in queues each minute, stays at counters, what the ticket system said of windows; no pictures, no names, no ticket numbers. Each day's figures are made first; what belongs to the day of a held alert stays",
    ),
    "kept.figures": ("报表数字", "Figures for reports"),
    "kept_how.figures": (
        "每日、每月的汇总，不含姓名",
        "Of each day and month, without names",
    ),
    "kept.notices": ("发出的消息", "Messages that were sent"),
    "kept_how.notices": (
        "自生成起算；被保留的提醒的消息不删",
        "From the day they were made; those of held alerts stay",
    ),
    "kept.roster": ("过去的排班", "The roster of the past"),
    "kept_how.roster": (
        "班次、请假、备注及其修改记录，自结束起算；报备的文字说明同时抹去；不再被任何记录提到的人员一并删除。提醒和案件各自留有当时的排班",
        "Shifts, leaves, notes and who changed them, from their end on; what was written about exemptions goes as well, and so do people of whom nothing else tells. Alerts and cases keep what the roster said then",
    ),
    "stays.archive": ("案件和投诉的处理记录", "What was decided on cases and complaints"),
    "stays_how.archive": ("作为档案长期保存", "The office's archive, kept for good"),
    "stays.statistics": (
        "去掉姓名后的提醒、删除记录",
        "Alerts without their names, and what was deleted",
    ),
    "stays_how.statistics": (
        "姓名到期抹去后只剩统计，长期保存",
        "Figures only, once the names are gone; kept for good",
    ),
    "stays.settings": ("大厅、账号、设置和法律保留", "Halls, accounts, settings and legal holds"),
    "stays_how.settings": (
        "用到改掉或删掉为止；旧的大厅文件只留最近几份",
        "Until they are changed or removed; of old hall files the latest few",
    ),
    "stays.passing": (
        "登录会话、待送数据、运行状态",
        "Sessions, what waits to be taken in, what rules remember",
    ),
    "stays_how.passing": (
        "送达或被替换即删；会话结束 30 天后删除；被拒收的数据 90 天后删除",
        "Gone once delivered or replaced; sessions 30 days after their end; what was refused after 90 days",
    ),
    "stays.recordings": ("连续录像", "Continuous recordings"),
    "stays_how.recordings": (
        "天数和容量由大厅文件决定，最旧的先删；投诉和案件用到的先另存",
        "Days and size by the hall file, the oldest go first; what a complaint or case needs is kept apart",
    ),
    "stays.keys": ("密钥", "Keys"),
    "stays_how.keys": ("随安装保存，不外传", "With the installation; they never leave it"),
    "privacy_groups": ("统计的最小人数", "The smallest group in statistics"),
    "privacy_groups_about": (
        "报表不列姓名。按岗位、班次的月度数字，不足这个人数的组并入其他组，也不能由加减推出；每月只生成一次，改动人数只影响以后的月份。窗口的数字是窗口的：知道排班的人仍可能知道当时是谁在岗。",
        "Reports name nobody. In a month's figures by post and shift, a group of fewer people is merged with another, and cannot be found by adding and subtracting. Each month is made once: another number holds for the months to come. A window's figures are the window's: who knows the roster may still know whose shift it was.",
    ),
    "privacy_people": ("至少几人", "People at least"),
    "privacy_n_people": ("{n} 人", "{n} people"),
    "privacy_people_limits": ("请填 {least} 到 {most} 人", "{least} to {most} people, please"),
    "privacy_people_saved": ("已保存，用于以后的月份", "Set, for the months to come"),
    "privacy_inventory": ("逐项清单", "The whole list"),
    "privacy_inventory_about": (
        "数据文件夹里的每个文件夹和数据库里的每张表，一项不漏。",
        "Every folder in the data folder and every table of the database, none left out.",
    ),
    "privacy_kept": ("留存什么", "What"),
    "privacy_long": ("多久", "How long"),
    "privacy_where_it_lies": ("文件夹和数据表", "Folders and tables"),
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
