"""What is wrong with a hall file."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "hall_problem_at": ("{place}：{words}", "{place}: {words}"),
    "hall_problem_near": ("（是不是“{near}”？）", " (did you mean “{near}”?)"),
    "hall_problem.unreadable": ("文件读不出来（{why}）", "it cannot be read ({why})"),
    "hall_problem.encoding": (
        "文件不是 UTF-8 编码，请另存为 UTF-8",
        "it is not UTF-8; save it as UTF-8",
    ),
    "hall_problem.toml": ("不符合 TOML 格式（{why}）", "it is not valid TOML ({why})"),
    "hall_problem.key": ("没有“{name}”这一项", "there is no key “{name}”"),
    "hall_problem.missing": ("缺少这一项，请补上", "is missing; add it"),
    "hall_problem.id": (
        "编号只能用小写字母、数字和短横线，最多 32 个",
        "an id is made of small letters, digits and hyphens, 32 at most",
    ),
    "hall_problem.small": (
        "太小或太短，下限是 {limit}",
        "too small or too short; the limit is {limit}",
    ),
    "hall_problem.large": (
        "太大或太长，上限是 {limit}",
        "too large or too long; the limit is {limit}",
    ),
    "hall_problem.value": ("这里填的内容不对", "this is no value for it"),
    "hall_problem.day": (
        "星期请写 mon、tue、wed、thu、fri、sat、sun",
        "write days as mon, tue, wed, thu, fri, sat, sun",
    ),
    "hall_problem.hours": (
        "结束要晚于开始，都按大厅当地时间写；跨过半夜请分成两段",
        "it must close after it opens, in the hall's own time; past midnight write two",
    ),
    "hall_problem.zone_of_time": (
        "时间要带时区，例如 2026-11-23T10:00:00+08:00",
        "the moment needs a time zone, for example 2026-11-23T10:00:00+08:00",
    ),
    "hall_problem.pace": (
        "查看间隔须从小到大：near_s、moving_s、still_s、closed_s",
        "the pace must grow from near_s over moving_s and still_s to closed_s",
    ),
    "hall_problem.scores": (
        "判为没有人的把握不能高于判为有人的把握",
        "absent_score must not be above present_score",
    ),
    "hall_problem.timezone": (
        "没有“{name}”这个时区，请写例如 Asia/Shanghai",
        "there is no zone “{name}”; write for example Asia/Shanghai",
    ),
    "hall_problem.twice": ("编号“{name}”用了两次，请各用各的", "the id “{name}” is used twice"),
    "hall_problem.address": (
        "摄像机“{other}”和“{name}”是同一个地址 {address}，请各用各的",
        "“{other}” and “{name}” have one address, {address}",
    ),
    "hall_problem.corners": ("区域至少要有三个角", "a zone needs three corners at least"),
    "hall_problem.outside": (
        "区域有一角在画面之外",
        "a corner of the zone lies outside the picture",
    ),
    "hall_problem.crosses": (
        "区域的边线交叉了，请按顺序画各个角",
        "the zone's edges cross; draw its corners in order",
    ),
    "hall_problem.tiny": ("区域太小", "the zone is too small"),
    "hall_problem.camera": ("没有摄像机“{name}”", "there is no camera “{name}”"),
    "hall_problem.rule": ("没有“{name}”这条规则", "there is no rule “{name}”"),
    "hall_problem.yes_no": ("“{name}”要写 true 或 false", "“{name}” is true or false"),
    "hall_problem.number": ("“{name}”要写数字", "“{name}” is a number"),
    "hall_problem.whole": ("“{name}”要写整数", "“{name}” is a whole number"),
    "hall_problem.bounds": (
        "“{name}”的数值不合适：须大于 0，把握和比例不超过 1，并且互相不矛盾",
        "“{name}” do not fit: above 0, scores and shares 1 at most, and not at odds with each other",
    ),
    "hall_file_changed": (
        "刚才有人改了大厅文件，请看过最新内容再改",
        "Somebody changed the hall file meanwhile; look at it again",
    ),
    "camera_refused.there": ("已经有这台摄像机了", "This camera is there already"),
    "camera_refused.gone": (
        "没有这台摄像机，可能已被移除",
        "There is no such camera; it may have been removed",
    ),
    "camera_refused.in_use": (
        "还有窗口或等候区在用这台摄像机",
        "Windows or queues are still on this camera",
    ),
    "camera_refused.last": (
        "这是最后一台摄像机，不能移除",
        "This is the last camera; it must stay",
    ),
}
