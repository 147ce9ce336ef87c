//! The meaning of HTTP 403 and 429, and of one HTTP 400: a rate limit, which passes, or something that does not.

use crate::error::Status;
use http::StatusCode;
use serde_json::Value;

/// The meaning of a response with HTTP 403 or 429.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limit {
    /// A rate limit, or a response that states when to retry. The server has not executed the request.
    Rate,
    /// A daily limit, another quota that is used up, or a lack of permission. The same request fails again for hours, or until
    /// a person acts.
    Lasting,
    /// The response does not say.
    Unknown,
}

/// The reasons of rate limits, folded. Older APIs have them in `errors[].reason`, newer ones in `ErrorInfo`.
///
/// Google's pages about errors describe each as a limit that passes within a minute or so. Not among them are
/// `sharingRateLimitExceeded` of Drive, which can last for a day, `variableTermLimitExceeded`, whose term is not known, and
/// `quotaExceeded`, which BigQuery and others use for longer terms.
const RATE_LIMITS: [&str; 9] = [
    // All APIs.
    "ratelimitexceeded",
    "userratelimitexceeded",
    "ratelimitexceededunreg",
    "userratelimitexceededunreg",
    "concurrentlimitexceeded",
    "servinglimitexceeded",
    // BigQuery.
    JOB_RATE_LIMIT,
    // YouTube.
    "uploadratelimitexceeded",
    "userrequestsexceedratelimit",
];

/// BigQuery has this reason with HTTP 400 too.
const JOB_RATE_LIMIT: &str = "jobratelimitexceeded";

/// The parts of reasons, folded, that mean a quota or another limit.
const QUOTAS: [&str; 2] = ["quota", "limit"];

impl Limit {
    /// Reads the meaning of a response with this status. `has_delay` is `true` if it states when to retry.
    pub(super) fn of(http_status: StatusCode, status: Option<&Status>, has_delay: bool) -> Self {
        let is_limit = matches!(
            http_status,
            StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS
        );
        if !is_limit && http_status != StatusCode::BAD_REQUEST {
            return Self::Unknown;
        }
        let reasons: Vec<String> = status.map(reasons).unwrap_or_default();
        if !is_limit {
            let is_rate = reasons.iter().any(|reason| reason == JOB_RATE_LIMIT);
            return if is_rate { Self::Rate } else { Self::Unknown };
        }
        let has = |part: &str| reasons.iter().any(|reason| reason.contains(part));
        if has("daily") || status.is_some_and(is_daily) {
            return Self::Lasting;
        }
        if reasons
            .iter()
            .any(|reason| RATE_LIMITS.contains(&reason.as_str()))
        {
            return Self::Rate;
        }
        let is_quota = QUOTAS.into_iter().any(has);
        let is_denied = http_status == StatusCode::FORBIDDEN && !reasons.is_empty() && !is_quota;
        if has_delay && !is_denied || status.is_some_and(is_per_minute) {
            Self::Rate
        } else if is_quota || http_status == StatusCode::FORBIDDEN {
            Self::Lasting
        } else {
            Self::Unknown
        }
    }
}

/// Returns the reasons that a status states, folded.
fn reasons(status: &Status) -> Vec<String> {
    let stated = status.details.iter();
    let stated = stated.filter_map(|detail| detail.get("reason")?.as_str());
    // An error that is a string has it in place of the code.
    let code = status.status.as_deref().map(folded);
    let code = code.filter(|code| RATE_LIMITS.contains(&code.as_str()) || code.contains("daily"));
    stated.map(folded).chain(code).collect()
}

/// Reasons differ in case and in underscores.
fn folded(reason: &str) -> String {
    let letters = reason.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

/// Returns `true` if the limit is one for a day. The reason of such a limit can be `RATE_LIMIT_EXCEEDED` too.
fn is_daily(status: &Status) -> bool {
    let message = status.message.to_ascii_lowercase();
    let names = limits(status);
    message.contains("per day")
        || message.contains("daily limit")
        || names
            .iter()
            .any(|name| name.contains("perday") || name.contains("1/d"))
}

/// Returns `true` if the name of the limit says that it is one for a minute or less.
fn is_per_minute(status: &Status) -> bool {
    let short = ["perminute", "persecond", "per100seconds", "1/min", "1/s"];
    let names = limits(status);
    names
        .iter()
        .any(|name| short.iter().any(|part| name.contains(part)))
}

/// Returns the names and units of the limits that the details state, in `QuotaFailure` and in the metadata of `ErrorInfo`.
fn limits(status: &Status) -> Vec<String> {
    let names = [
        "quotaId",
        "quota_limit",
        "quotaLimit",
        "quota_unit",
        "quotaUnit",
    ];
    let mut found = Vec::new();
    for detail in &status.details {
        let violations = detail.get("violations").and_then(Value::as_array);
        let places = violations
            .into_iter()
            .flatten()
            .chain(detail.get("metadata"));
        for place in places {
            let values = names.iter().filter_map(|name| place.get(name)?.as_str());
            found.extend(values.map(|name| {
                let name = name.chars().filter(|c| !matches!(c, '-' | '_' | ' '));
                name.map(|c| c.to_ascii_lowercase()).collect::<String>()
            }));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(http_status: u16, body: &str, has_delay: bool) -> Limit {
        let status = Status::parse(body.as_bytes());
        Limit::of(
            StatusCode::from_u16(http_status).unwrap(),
            status.as_ref(),
            has_delay,
        )
    }

    fn older(reason: &str) -> String {
        format!(
            r#"{{"error":{{"code":403,"message":"m","errors":[{{"domain":"usageLimits","reason":"{reason}"}}]}}}}"#
        )
    }

    fn newer(code: &str, reason: &str, metadata: &str) -> String {
        format!(
            r#"{{"error":{{"code":429,"status":"{code}","message":"m","details":[{{
                "@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"{reason}","metadata":{{{metadata}}}}}]}}}}"#
        )
    }

    fn violation(id: &str) -> String {
        format!(
            r#"{{"error":{{"code":429,"status":"RESOURCE_EXHAUSTED","message":"m","details":[{{
                "@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{{"quotaId":"{id}"}}]}}]}}}}"#
        )
    }

    #[test]
    fn case_r6_rate_limits_in_every_form() {
        let exhausted = |reason| newer("RESOURCE_EXHAUSTED", reason, "");
        for body in [
            older("rateLimitExceeded"),
            older("userRateLimitExceeded"),
            exhausted("RATE_LIMIT_EXCEEDED"),
            newer("PERMISSION_DENIED", "RATE_LIMIT_EXCEEDED", ""),
            newer("RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED", r#""quota_limit":"ReadsPerMinutePerUser","quota_unit":"1/min/{project}/{user}""#),
            violation("GenerateRequestsPerMinutePerProjectPerModel"),
            format!("[{}]", older("rateLimitExceeded")),
            // A bare status, and a string instead of an object.
            r#"{"code":8,"message":"m","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"RATE_LIMIT_EXCEEDED"}]}"#.to_owned(),
            r#"{"error":"rateLimitExceeded","error_description":"m"}"#.to_owned(),
            // One of several reasons.
            r#"{"error":{"code":403,"errors":[{"reason":"forbidden"},{"reason":"userRateLimitExceeded"}]}}"#.to_owned(),
        ] {
            for http_status in [403, 429] {
                assert_eq!(limit(http_status, &body, false), Limit::Rate, "{http_status} {body}");
            }
            assert_eq!(limit(400, &body, true), Limit::Unknown, "{body}");
            assert_eq!(limit(503, &body, true), Limit::Unknown, "{body}");
        }
    }

    #[test]
    fn case_r6_rate_limits_by_the_published_reasons() {
        for reason in [
            "concurrentLimitExceeded",
            "jobRateLimitExceeded",
            "rateLimitExceededUnreg",
            "servingLimitExceeded",
            "uploadRateLimitExceeded",
            "userRateLimitExceededUnreg",
            "userRequestsExceedRateLimit",
        ] {
            for http_status in [403, 429] {
                let found = limit(http_status, &older(reason), false);
                assert_eq!(found, Limit::Rate, "{http_status} {reason}");
            }
        }
        for (reason, expected) in [
            ("jobRateLimitExceeded", Limit::Rate),
            ("rateLimitExceeded", Limit::Unknown),
            ("invalidQuery", Limit::Unknown),
        ] {
            assert_eq!(limit(400, &older(reason), false), expected, "{reason}");
        }
    }

    #[test]
    fn case_r6_a_response_that_says_when_to_come_back() {
        let exhausted = r#"{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"m"}}"#;
        let denied = r#"{"error":{"code":403,"status":"PERMISSION_DENIED","message":"m"}}"#;
        for body in [
            "",
            "<html>",
            "{}",
            exhausted,
            denied,
            &older("quotaExceeded"),
        ] {
            assert_eq!(limit(403, body, true), Limit::Rate, "{body}");
            assert_eq!(limit(429, body, true), Limit::Rate, "{body}");
            assert_eq!(limit(403, body, false), Limit::Lasting, "{body}");
        }
        for body in ["", "<html>", exhausted, denied] {
            assert_eq!(limit(429, body, false), Limit::Unknown, "{body}");
        }
    }

    #[test]
    fn case_r6_what_does_not_pass() {
        for body in [
            older("dailyLimitExceeded"),
            older("dailyLimitExceededUnreg"),
            older("variableTermDailyLimitExceeded"),
            newer("RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED", r#""quota_unit":"1/d/{project}""#),
            newer("RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED", r#""quota_limit":"defaultPerDayPerProject""#),
            violation("GenerateRequestsPerDayPerProjectPerModel-FreeTier"),
            r#"{"error":{"code":403,"message":"Daily Limit Exceeded","errors":[{"reason":"rateLimitExceeded"}]}}"#.to_owned(),
        ] {
            for (http_status, has_delay) in [(403, false), (403, true), (429, false), (429, true)] {
                assert_eq!(limit(http_status, &body, has_delay), Limit::Lasting, "{body}");
            }
        }
        for reason in [
            "quotaExceeded",
            "storageQuotaExceeded",
            "teamDriveFileLimitExceeded",
            "sharingRateLimitExceeded",
            "variableTermLimitExceeded",
            "variableTermExpiredDailyExceeded",
            "uploadLimitExceeded",
            "activeItemCreationLimitExceeded",
        ] {
            assert_eq!(
                limit(403, &older(reason), false),
                Limit::Lasting,
                "{reason}"
            );
            assert_eq!(
                limit(429, &older(reason), false),
                Limit::Lasting,
                "{reason}"
            );
        }
        // A lack of permission does not pass even if the server states when to retry.
        for reason in [
            "forbidden",
            "insufficientPermissions",
            "accessNotConfigured",
            "IAM_PERMISSION_DENIED",
        ] {
            assert_eq!(
                limit(403, &older(reason), false),
                Limit::Lasting,
                "{reason}"
            );
            assert_eq!(limit(403, &older(reason), true), Limit::Lasting, "{reason}");
        }
    }
}
