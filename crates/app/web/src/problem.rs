//! Problems: what a user is told when something is refused (RFC 9457, `application/problem+json`).
//!
//! Invariant: what went wrong inside is logged under the trace id and never sent.

use crate::codes::{self, Code};
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use backlot_flows::accounts::{AccountError, FieldProblem, Forbidden};
use backlot_flows::reading::ReadError;
use backlot_flows::uploads::UploadError;
use backlot_ports::blobs::BlobError;
use backlot_ports::store::StoreError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One refused field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProblemField {
    pub name: String,
    pub detail_zh: String,
    pub detail_en: String,
}

/// The body of every refusal.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// Page that explains the code.
    #[serde(rename = "type")]
    pub page: String,
    pub code: String,
    pub title: String,
    pub detail_zh: String,
    pub detail_en: String,
    pub status: u16,
    /// The name under which the server's log knows this request.
    pub trace_id: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub fields: Vec<ProblemField>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<crate::views::Refusal>,
    /// For the log only.
    #[serde(skip)]
    #[schema(ignore)]
    pub inside: Option<String>,
}

/// What handlers return.
pub type Answer<T> = Result<T, Raised>;

/// A problem on its way out; boxed because answers are moved a lot.
#[derive(Debug, Clone)]
pub struct Raised(pub Box<Problem>);

impl Raised {
    pub fn new(code: Code) -> Self {
        Self(Box::new(Problem {
            page: format!("/docs/errors/{}", code.code),
            code: code.code.to_owned(),
            title: code.title.to_owned(),
            detail_zh: code.zh.to_owned(),
            detail_en: code.en.to_owned(),
            status: code.status.as_u16(),
            trace_id: String::new(),
            fields: Vec::new(),
            refusal: None,
            inside: None,
        }))
    }

    /// Replaces the general text by a particular one.
    pub fn detail(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.0.detail_zh = zh.into();
        self.0.detail_en = en.into();
        self
    }

    pub fn field(mut self, name: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.0.fields.push(ProblemField {
            name: name.to_owned(),
            detail_zh: zh.into(),
            detail_en: en.into(),
        });
        self
    }

    pub fn refusal(mut self, refusal: crate::views::Refusal) -> Self {
        self.0.detail_zh.clone_from(&refusal.text_zh);
        self.0.detail_en.clone_from(&refusal.text_en);
        self.0.refusal = Some(refusal);
        self
    }

    /// A failure inside: logged with all its causes, told as "internal error".
    pub fn inside(error: &(dyn std::error::Error + 'static)) -> Self {
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(deeper) = cause {
            text.push_str(": ");
            text.push_str(&deeper.to_string());
            cause = deeper.source();
        }
        let mut raised = Self::new(codes::INSIDE);
        raised.0.inside = Some(text);
        raised
    }

    /// The same as a page for a person without the app.
    pub fn page(self, trace_id: &str) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::BAD_REQUEST);
        let page = backlot_ui::error_page(&backlot_ui::ErrorPage {
            status: self.0.status,
            code: &self.0.code,
            detail_zh: &self.0.detail_zh,
            detail_en: &self.0.detail_en,
            trace_id,
        });
        (status, Html(page)).into_response()
    }

    /// The response with its trace id; the outermost layer calls it for every raised problem.
    pub fn respond(mut self, trace_id: &str) -> Response {
        self.0.trace_id = trace_id.to_owned();
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::BAD_REQUEST);
        let mut response = (status, Json(self.0.as_ref())).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response
    }
}

impl IntoResponse for Raised {
    fn into_response(self) -> Response {
        let mut response = self.clone().respond("");
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Forbidden> for Raised {
    fn from(_: Forbidden) -> Self {
        Self::new(codes::FORBIDDEN)
    }
}

impl From<StoreError> for Raised {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::StreamMoved { .. } | StoreError::Taken { .. } => Self::new(codes::BUSY),
            StoreError::Cursor(_) => Self::new(codes::QUERY).field(
                "after",
                "翻页标记无效。",
                "The page cursor is not one of this list.",
            ),
            StoreError::Full(_) => Self::new(codes::DISK_FULL),
            other => Self::inside(&other),
        }
    }
}

impl From<BlobError> for Raised {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::Missing(_) => Self::new(codes::NOT_FOUND),
            BlobError::Full(_) => Self::new(codes::DISK_FULL),
            other => Self::inside(&other),
        }
    }
}

impl From<ReadError> for Raised {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Forbidden(refused) => refused.into(),
            ReadError::NotFound => Self::new(codes::NOT_FOUND),
            ReadError::Sort { allowed } => Self::new(codes::QUERY).field(
                "sort",
                format!("可用的排序列：{}。", allowed.join("、")),
                format!("This list sorts by {}.", allowed.join(", ")),
            ),
            ReadError::SearchText => Self::new(codes::QUERY).field(
                "q",
                "搜索文字过长，最多 100 个字符。",
                "The search text is longer than 100 characters.",
            ),
            ReadError::Cursor => StoreError::Cursor(String::new()).into(),
            ReadError::Store(error) => error.into(),
            ReadError::Blob(error) => error.into(),
        }
    }
}

impl From<AccountError> for Raised {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Forbidden(refused) => refused.into(),
            AccountError::NoSuchPerson => Self::new(codes::NOT_FOUND),
            AccountError::EmailTaken => Self::new(codes::EMAIL_TAKEN),
            AccountError::WrongPassword => Self::new(codes::OLD_PASSWORD),
            AccountError::LastOwner => Self::new(codes::LAST_OWNER),
            AccountError::Busy => Self::new(codes::BUSY),
            AccountError::Field { field, problem } => {
                let (zh, en) = field_texts(problem);
                Self::new(codes::PERSON_INVALID).field(field, zh, en)
            }
            AccountError::Store(error) => error.into(),
            AccountError::Hash => Self::inside(&error),
        }
    }
}

fn field_texts(problem: FieldProblem) -> (&'static str, &'static str) {
    match problem {
        FieldProblem::Length => ("须为 1 至 200 个字符。", "Must have 1 to 200 characters."),
        FieldProblem::Email => ("须为有效的邮箱地址。", "Must be an e-mail address."),
        FieldProblem::Role => ("不是可用的角色。", "Is not a role of this house."),
        FieldProblem::Locale => ("须为 zh-CN 或 en。", "Must be zh-CN or en."),
        FieldProblem::Password => (
            "密码须为 12 至 200 个字符。",
            "A password has 12 to 200 characters.",
        ),
    }
}

impl From<UploadError> for Raised {
    fn from(error: UploadError) -> Self {
        match error {
            UploadError::Forbidden(refused) => refused.into(),
            UploadError::NotFound => Self::new(codes::NOT_FOUND),
            UploadError::Empty => Self::new(codes::UPLOAD_INVALID).field(
                "bytes_total",
                "文件至少要有一个字节。",
                "A file has at least one byte.",
            ),
            UploadError::TooLarge { limit, .. } => Self::new(codes::UPLOAD_TOO_LARGE).detail(
                format!("文件超过允许的 {limit} 字节。"),
                format!("The file is larger than the {limit} bytes this house accepts."),
            ),
            UploadError::Name => Self::new(codes::UPLOAD_INVALID).field(
                "file_name",
                "文件名无效。",
                "A file name has 1 to 255 characters and no control characters.",
            ),
            UploadError::TooMany => Self::new(codes::UPLOAD_TOO_MANY),
            UploadError::Offset { received, .. } => Self::new(codes::UPLOAD_OFFSET).detail(
                format!("下一个字节的偏移是 {received}。"),
                format!("The next byte has the offset {received}."),
            ),
            UploadError::Overflow { .. } => Self::new(codes::UPLOAD_OVERFLOW),
            UploadError::InUse | UploadError::Complete => Self::new(codes::UPLOAD_IN_USE),
            UploadError::Digest { .. } => Self::new(codes::UPLOAD_DIGEST),
            UploadError::WrongType => Self::new(codes::UPLOAD_TYPE),
            UploadError::DiskFull => Self::new(codes::DISK_FULL),
            UploadError::Store(error) => error.into(),
            UploadError::Blob(error) => error.into(),
            UploadError::Io { .. } => Self::inside(&error),
        }
    }
}
