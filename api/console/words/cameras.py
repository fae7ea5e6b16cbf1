"""Cameras: what an address gives and means, and the page on which they are set up."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "nav.cameras": ("摄像机", "Cameras"),
    "cameras_about": (
        "改动几秒钟后生效，其他摄像机不受影响。",
        "A change is in force within seconds; the other cameras are left alone.",
    ),
    "cameras_elsewhere": ("这个大厅由另一台机器值守", "This hall is watched by another machine"),
    "cameras_elsewhere_do": (
        "请在值守该大厅的机器上设置摄像机。",
        "Set its cameras up on the machine that watches it.",
    ),
    "cameras_bad_file": ("大厅文件有错，先改正它", "The hall file has faults: mend it first"),
    "cameras_list": ("摄像机列表", "List of cameras"),
    "camera_name": ("名称", "Name"),
    "camera_address": ("地址", "Address"),
    "camera_picture": ("画面", "Picture"),
    "camera_picture_of": ("{name} 现在的画面（已打码）", "What {name} shows now, blurred"),
    "camera_no_picture": ("暂无画面", "No picture yet"),
    "camera_picture_withheld": (
        "管理员不看画面；看检查结果即可。",
        "Administrators see no pictures; the check says what they need.",
    ),
    "camera_check": ("检查", "Check"),
    "camera_check_found": ("检查结果", "What the check found"),
    "camera_checked": ("检查于{when}", "Checked {when}"),
    "camera_unchecked": ("还没有检查过", "Not checked yet"),
    "camera_is_recording": ("录像文件，无需检查", "A recording: nothing to check"),
    "camera_all_good": ("各项设置都合适", "All settings are good"),
    "camera_state": ("状态", "State"),
    "camera_acts": ("操作", "Actions"),
    "camera_not_yet": ("尚无消息", "No word yet"),
    "camera_recording": ("录像文件", "A recording"),
    "camera_add": ("添加摄像机", "Add a camera"),
    "camera_change": ("修改", "Change"),
    "camera_change_named": ("修改 {name}", "Change {name}"),
    "camera_remove": ("移除", "Remove"),
    "camera_remove_named": ("移除 {name}", "Remove {name}"),
    "camera_remove_about": (
        "不再值守这台摄像机。以前的提醒和证据都会保留。",
        "It will no longer be watched. Its alerts and evidence stay.",
    ),
    "camera_remove_with": (
        "它画面中的 {places} 将一起移除，不再值守。以前的提醒和证据都会保留。",
        "{places}, which it shows, will be removed with it and no longer be watched. Alerts and evidence stay.",
    ),
    "camera_last": (
        "大厅至少要有一台摄像机：请先添加新的，再移除这一台。",
        "A hall has one camera at least: add the new one first.",
    ),
    "camera_address_hint": (
        "例如 rtsp://192.168.1.64:554/Streaming/Channels/101，不含用户名和密码；USB 摄像机写 usb:0。",
        "Such as rtsp://192.168.1.64:554/Streaming/Channels/101, without user and password; usb:0 for a USB camera.",
    ),
    "camera_user": ("用户名", "User"),
    "camera_password": ("密码", "Password"),
    "camera_keeps_login": (
        "留空则沿用现有的用户名和密码。",
        "Left empty, the present user and password stay.",
    ),
    "camera_login_hint": (
        "只保存在大厅文件中，不会再显示。",
        "Kept in the hall file only, and never shown again.",
    ),
    "camera_try": ("试一试", "Try it"),
    "camera_trying": ("正在观看几秒钟……", "Watching it for some seconds…"),
    "camera_saved": ("已保存，几秒钟后开始值守", "Saved; it will be watched in some seconds"),
    "camera_removed": ("已移除", "Removed"),
    "camera_draw": (
        "请到“区域”页画出它的窗口。",
        "Draw its windows on the page of zones.",
    ),
    "camera_find": ("查找摄像机", "Find cameras"),
    "camera_find_about": (
        "向本网络中的摄像机询问（ONVIF）。填写用户名和密码后，可以列出每台摄像机的视频。",
        "Asks the cameras in this network (ONVIF). With user and password, the videos of each are listed.",
    ),
    "camera_finding": ("正在查找……", "Looking…"),
    "camera_found_none": (
        "没有摄像机回应。请确认本机与摄像机在同一网络，且摄像机已打开 ONVIF。",
        "No camera answered. See that this machine is in their network, and that ONVIF is on.",
    ),
    "camera_streams": ("列出视频", "List its videos"),
    "camera_use": ("使用", "Use"),
    # what was found, and what it means for us
    "finding.codec_good": ("编码 {codec}：合适。", "Coding {codec}: good."),
    "finding.codec_jpeg": (
        "编码 MJPEG：可用，但占用网络和硬盘是 H.264 的数倍。摄像机若支持，请改为 H.264 或 H.265。",
        "Coding MJPEG: works, but takes several times the network and disk of H.264. Choose H.264 or H.265 if the camera can.",
    ),
    "finding.codec_odd": (
        "编码 {codec}：浏览器不能播放。请在摄像机网页中改为 H.264。",
        "Coding {codec}: browsers cannot play it. Choose H.264 in the camera's page.",
    ),
    "finding.size_good": ("画面 {width}×{height}：合适。", "Picture {width}×{height}: good."),
    "finding.size_small": (
        "画面 {width}×{height}：太小，看得见人，看不清手机和食物。请使用主码流。",
        "Picture {width}×{height}: too small; people are seen, telephones and food are not. Use the main stream.",
    ),
    "finding.size_large": (
        "画面 {width}×{height}：很大，解码占用处理器较多。请同时填写子码流地址。",
        "Picture {width}×{height}: large, and costs much to decode. Give the sub-stream's address as well.",
    ),
    "finding.rate_good": ("每秒 {rate} 幅：足够。", "{rate} pictures a second: enough."),
    "finding.rate_low": (
        "每秒 {rate} 幅：偏低，短暂的动作可能看不到。请设为每秒 10 幅以上。",
        "{rate} pictures a second: few; short acts may be missed. Set 10 or more.",
    ),
    "finding.keys_good": (
        "关键帧间隔 {seconds} 秒：合适。",
        "A key frame every {seconds} s: good.",
    ),
    "finding.keys_rare": (
        "关键帧间隔 {seconds} 秒：太长。断线重连后要等这么久才有画面，录像片段也会多出这么长的开头。请把“I 帧间隔”设为帧率的 1 至 2 倍。",
        "A key frame every {seconds} s: too rare. After a break pictures come that much later, and clips begin that much earlier. Set the I-frame interval to once or twice the frame rate.",
    ),
    "finding.keys_unseen": (
        "{seconds} 秒内没有出现两个关键帧：间隔太长。请把“I 帧间隔”设为帧率的 1 至 2 倍，并关闭“智能编码”。",
        "Not two key frames in {seconds} s: too rare. Set the I-frame interval to once or twice the frame rate, and turn the smart codec off.",
    ),
    "finding.smart_codec": (
        "关键帧间隔忽长忽短（约 {seconds} 秒）：摄像机开了“智能编码”（H.264+、H.265+、Smart）。它会在画面安静时丢掉细节，证据可能不完整。请关闭。",
        "Key frames come at uneven distances (about {seconds} s): the camera uses a smart codec (H.264+, H.265+, Smart). It drops detail when the scene is quiet, and evidence may lack it. Turn it off.",
    ),
    "finding.clock_good": (
        "摄像机时钟平稳（每小时差 {seconds} 秒以内）。",
        "The camera's clock is steady (within {seconds} s an hour).",
    ),
    "finding.clock_drifts": (
        "摄像机时钟每小时偏差约 {seconds} 秒：画面上的时间会与提醒的时间不一致。请在摄像机中打开 NTP 校时。",
        "The camera's clock is off by about {seconds} s an hour: the time in the picture will differ from that of alerts. Turn NTP on in the camera.",
    ),
    "finding.sub_found": (
        "子码流：找到 {path}，可减少处理器占用。",
        "Sub-stream: found at {path}; it saves processor time.",
    ),
    "finding.sub_unknown": (
        "子码流：没有找到。若摄像机有子码流，请填写地址，可减少处理器占用。",
        "Sub-stream: not found. If the camera has one, give its address; it saves processor time.",
    ),
    # why there is none
    "refusal.address": (
        "地址写得不对。应为 rtsp://主机:554/路径；用户名和密码单独填写。",
        "The address is not written right. It is like rtsp://host:554/path, user and password apart.",
    ),
    "refusal.host_unknown": (
        "没有这个主机名。请检查名称，或填写摄像机的 IP 地址。",
        "There is no host of this name. Check it, or give the camera's IP address.",
    ),
    "refusal.unreachable": (
        "连不上摄像机。请检查电源、网线和 IP 地址，并确认本机与摄像机在同一网络。",
        "The camera cannot be reached. Check power, cable and IP address, and that this machine is in its network.",
    ),
    "refusal.port_closed": (
        "主机在，但这个端口没有服务。多数摄像机的端口是 554；请确认摄像机已打开 RTSP。",
        "The host is there, but nothing answers on this port. Most cameras use 554; see that RTSP is on.",
    ),
    "refusal.not_a_camera": (
        "这个地址有设备，但不是摄像机。请检查地址和端口。",
        "Something answers at this address, but it is no camera. Check address and port.",
    ),
    "refusal.password": (
        "用户名或密码不对。多次输错后，许多摄像机会锁定半小时。",
        "User or password is wrong. After several wrong ones many cameras lock for half an hour.",
    ),
    "refusal.no_stream": (
        "摄像机在，但没有这个路径的视频。请查看说明书，或用“查找”向摄像机询问。",
        "The camera is there, but has no video at this path. See its manual, or let “Find” ask it.",
    ),
    "refusal.silent": (
        "地址有回应，但没有视频画面。请确认这是视频的地址，并确认镜头没有处于隐私模式。",
        "The address answers, but sends no video. See that it is a video's address, and that the lens is not in privacy mode.",
    ),
    "refusal.file": (
        "这个视频文件读不了。请检查路径，或从录像机重新导出。",
        "This video file cannot be read. Check its path, or export it from the recorder again.",
    ),
}
