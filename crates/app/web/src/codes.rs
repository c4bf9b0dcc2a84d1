//! The stable codes of everything a user can be refused, with their status and texts.
//!
//! Invariant: every code has a page `docs/errors/CODE.md` and every page a code; a test compares
//! the two. A code never changes its meaning; unused ones are not given out again.

use axum::http::StatusCode;

/// One refusal a user can meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// `E0101`.
    pub code: &'static str,
    pub status: StatusCode,
    pub title: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
}

const fn code(
    code: &'static str,
    status: StatusCode,
    title: &'static str,
    zh: &'static str,
    en: &'static str,
) -> Code {
    Code {
        code,
        status,
        title,
        zh,
        en,
    }
}

pub const SIGNED_OUT: Code = code(
    "E0101",
    StatusCode::UNAUTHORIZED,
    "not signed in",
    "请先登录。",
    "Sign in first.",
);
pub const WRONG_PASSWORD: Code = code(
    "E0102",
    StatusCode::UNAUTHORIZED,
    "sign-in refused",
    "邮箱与密码不匹配。",
    "E-mail and password do not belong together.",
);
pub const LOCKED: Code = code(
    "E0103",
    StatusCode::TOO_MANY_REQUESTS,
    "account locked",
    "尝试次数过多，请 15 分钟后再试。",
    "Too many tries. Try again in 15 minutes.",
);
pub const FORBIDDEN: Code = code(
    "E0104",
    StatusCode::FORBIDDEN,
    "not allowed for this role",
    "您的角色不能执行此操作。",
    "Your role may not do this.",
);
pub const CSRF: Code = code(
    "E0105",
    StatusCode::FORBIDDEN,
    "csrf",
    "请求不是由本站页面发出的。",
    "The request was not sent by a page of this site.",
);
pub const RATE: Code = code(
    "E0106",
    StatusCode::TOO_MANY_REQUESTS,
    "too many requests",
    "来自此地址的登录尝试过多，请稍后再试。",
    "Too many sign-in tries from this address. Wait a while.",
);
pub const OLD_PASSWORD: Code = code(
    "E0107",
    StatusCode::UNPROCESSABLE_ENTITY,
    "old password wrong",
    "旧密码不正确。",
    "The old password is not right.",
);
pub const NOT_FOUND: Code = code(
    "E0201",
    StatusCode::NOT_FOUND,
    "not found",
    "没有找到所请求的内容。",
    "What was asked for does not exist.",
);
pub const METHOD: Code = code(
    "E0202",
    StatusCode::METHOD_NOT_ALLOWED,
    "method not allowed",
    "此地址不支持该请求方法。",
    "This address does not take this method.",
);
pub const BODY: Code = code(
    "E0203",
    StatusCode::UNPROCESSABLE_ENTITY,
    "request body not understood",
    "请求内容无法理解。",
    "The request body is not what this call takes.",
);
pub const QUERY: Code = code(
    "E0204",
    StatusCode::UNPROCESSABLE_ENTITY,
    "query not understood",
    "查询参数无法理解。",
    "A query parameter is not what this call takes.",
);
pub const BODY_TOO_LARGE: Code = code(
    "E0205",
    StatusCode::PAYLOAD_TOO_LARGE,
    "request body too large",
    "请求内容过大。",
    "The request body is larger than this call takes.",
);
pub const BUSY: Code = code(
    "E0206",
    StatusCode::CONFLICT,
    "changed at the same moment",
    "该内容刚被他人修改，请重试。",
    "Somebody else changed this just now. Try again.",
);
pub const TIMEOUT: Code = code(
    "E0207",
    StatusCode::SERVICE_UNAVAILABLE,
    "took too long",
    "服务器未能及时完成请求。",
    "The server could not answer in time.",
);
pub const RANGE: Code = code(
    "E0208",
    StatusCode::RANGE_NOT_SATISFIABLE,
    "range outside the file",
    "请求的字节范围超出文件。",
    "The asked byte range lies outside the file.",
);
pub const UPLOAD_TOO_LARGE: Code = code(
    "E0301",
    StatusCode::PAYLOAD_TOO_LARGE,
    "file too large",
    "文件超过允许的大小。",
    "The file is larger than this house accepts.",
);
pub const UPLOAD_INVALID: Code = code(
    "E0302",
    StatusCode::UNPROCESSABLE_ENTITY,
    "upload not accepted",
    "上传信息不完整或无效。",
    "The announced upload is incomplete or invalid.",
);
pub const UPLOAD_OFFSET: Code = code(
    "E0303",
    StatusCode::CONFLICT,
    "wrong upload offset",
    "上传偏移与已接收的字节数不一致。",
    "The upload offset is not the number of received bytes.",
);
pub const UPLOAD_DIGEST: Code = code(
    "E0304",
    StatusCode::UNPROCESSABLE_ENTITY,
    "digest differs",
    "文件摘要与声明不符，文件已丢弃。",
    "The file does not have the announced digest and was dropped.",
);
pub const UPLOAD_TYPE: Code = code(
    "E0305",
    StatusCode::UNPROCESSABLE_ENTITY,
    "unknown file type",
    "无法识别的文件。可用格式：BVH、C3D、MP4、MOV、MKV、WebM、AVI、TS、MXF。",
    "Not a known file. Formats: BVH, C3D, MP4, MOV, MKV, WebM, AVI, TS, MXF.",
);
pub const UPLOAD_IN_USE: Code = code(
    "E0306",
    StatusCode::CONFLICT,
    "transfer running",
    "该上传的另一传输正在进行，或上传已完成。",
    "Another transfer of this upload is running, or it is complete.",
);
pub const DISK_FULL: Code = code(
    "E0307",
    StatusCode::INSUFFICIENT_STORAGE,
    "disk full",
    "服务器磁盘空间不足。",
    "The server has no disk space left for this.",
);
pub const UPLOAD_TOO_MANY: Code = code(
    "E0308",
    StatusCode::CONFLICT,
    "too many unfinished uploads",
    "未完成的上传过多。",
    "There are too many unfinished uploads.",
);
pub const UPLOAD_OVERFLOW: Code = code(
    "E0309",
    StatusCode::UNPROCESSABLE_ENTITY,
    "more bytes than announced",
    "收到的字节多于声明的数量。",
    "More bytes came than were announced.",
);
pub const LICENCE_REFUSED: Code = code(
    "E0401",
    StatusCode::CONFLICT,
    "licence refused",
    "该授权不能授予。",
    "This licence cannot be granted.",
);
pub const LICENCE_STATE: Code = code(
    "E0403",
    StatusCode::CONFLICT,
    "licence not in this state",
    "授权的当前状态不允许此操作。",
    "The licence's state does not allow this.",
);
pub const EMAIL_TAKEN: Code = code(
    "E0501",
    StatusCode::CONFLICT,
    "e-mail taken",
    "该邮箱已被使用。",
    "Another person uses this e-mail.",
);
pub const LAST_OWNER: Code = code(
    "E0502",
    StatusCode::CONFLICT,
    "last owner",
    "最后一位所有者不能被停用或更改角色。",
    "The last owner cannot be disabled or lose the role.",
);
pub const PERSON_INVALID: Code = code(
    "E0503",
    StatusCode::UNPROCESSABLE_ENTITY,
    "field not accepted",
    "有字段未通过检查。",
    "A field was not accepted.",
);
pub const STORY_STATE: Code = code(
    "E0601",
    StatusCode::CONFLICT,
    "not in this state",
    "流程或任务的当前状态不允许此操作。",
    "The story run or job is in a state that does not allow this.",
);
pub const STORY_INVALID: Code = code(
    "E0602",
    StatusCode::UNPROCESSABLE_ENTITY,
    "story cannot start",
    "流程无法用这些内容启动。",
    "The story cannot start with these contents.",
);
pub const EVIDENCE_UNREADABLE: Code = code(
    "E0701",
    StatusCode::INTERNAL_SERVER_ERROR,
    "evidence unreadable",
    "存储的证据包无法读取。",
    "The stored evidence package cannot be read.",
);
pub const INSIDE: Code = code(
    "E0901",
    StatusCode::INTERNAL_SERVER_ERROR,
    "internal error",
    "服务器内部错误。请将追踪编号告知管理员。",
    "Something failed inside. Give the trace id to the administrator.",
);

/// All codes, in order.
pub const ALL: &[Code] = &[
    SIGNED_OUT,
    WRONG_PASSWORD,
    LOCKED,
    FORBIDDEN,
    CSRF,
    RATE,
    OLD_PASSWORD,
    NOT_FOUND,
    METHOD,
    BODY,
    QUERY,
    BODY_TOO_LARGE,
    BUSY,
    TIMEOUT,
    RANGE,
    UPLOAD_TOO_LARGE,
    UPLOAD_INVALID,
    UPLOAD_OFFSET,
    UPLOAD_DIGEST,
    UPLOAD_TYPE,
    UPLOAD_IN_USE,
    DISK_FULL,
    UPLOAD_TOO_MANY,
    UPLOAD_OVERFLOW,
    LICENCE_REFUSED,
    LICENCE_STATE,
    EMAIL_TAKEN,
    LAST_OWNER,
    PERSON_INVALID,
    STORY_STATE,
    STORY_INVALID,
    EVIDENCE_UNREADABLE,
    INSIDE,
];

/// The code with this name.
pub fn find(code: &str) -> Option<&'static Code> {
    ALL.iter().find(|known| known.code == code)
}
