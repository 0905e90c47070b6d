//! Signature Version 4, in botocore's form for a call of Amazon Connect: the headers `content-type` (with a body),
//! `host` and `x-amz-date` are signed, and the path is encoded twice in the canonical request.

use std::fmt::Write as _;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};

/// The region in every scope.
pub const REGION: &str = "us-east-1";
const SERVICE: &str = "connect";
const ACCESS_KEY: &str = "test";
const SECRET_KEY: &str = "test";

/// The signed parts of a request. `path` is percent-encoded already and has no query.
pub struct Signable<'a> {
    /// The method.
    pub method: &'a str,
    /// The path.
    pub path: &'a str,
    /// The value of the header `host`.
    pub host: &'a str,
    /// The body.
    pub body: &'a [u8],
}

/// The values of `x-amz-date` and `authorization`.
pub struct Signed {
    /// The value of `x-amz-date`.
    pub date: String,
    /// The value of `authorization`.
    pub authorization: String,
}

/// Signs a request at a time.
pub fn sign(request: &Signable<'_>, at: SystemTime) -> Signed {
    let (day, date) = stamps(at.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs());
    let Signable { method, path, host, body } = request;
    let (type_line, type_name) =
        if body.is_empty() { ("", "") } else { ("content-type:application/json\n", "content-type;") };
    let headers = format!("{type_name}host;x-amz-date");
    let canonical = format!(
        "{method}\n{path}\n\n{type_line}host:{host}\nx-amz-date:{date}\n\n{headers}\n{body}",
        path = path.replace('%', "%25"),
        body = hex(&Sha256::digest(body)),
    );
    let scope = format!("{day}/{REGION}/{SERVICE}/aws4_request");
    let to_sign = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", hex(&Sha256::digest(canonical.as_bytes())));
    let key = [day.as_str(), REGION, SERVICE, "aws4_request"]
        .iter()
        .fold(format!("AWS4{SECRET_KEY}").into_bytes(), |key, part| hmac(&key, part));
    let signature = hex(&hmac(&key, &to_sign));
    let authorization =
        format!("AWS4-HMAC-SHA256 Credential={ACCESS_KEY}/{scope}, SignedHeaders={headers}, Signature={signature}");
    Signed { date, authorization }
}

fn hmac(key: &[u8], message: &str) -> Vec<u8> {
    // HMAC takes a key of any length: the error cannot occur, and an empty key would only make a wrong signature.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    mac.update(message.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// `YYYYMMDD` and `YYYYMMDDTHHMMSSZ` of seconds since 1970.
fn stamps(seconds: u64) -> (String, String) {
    // Days to a civil date, counted in eras of 400 years that begin on 1 March.
    let days = seconds / 86_400 + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let date = format!("{year:04}{month:02}{day:02}");
    let (hour, minute, second) = (seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
    let stamp = format!("{date}T{hour:02}{minute:02}{second:02}Z");
    (date, stamp)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values come from botocore's `SigV4Auth` with the same key, region, service, date and headers.
    #[test]
    fn signs_as_botocore_does() {
        let at = UNIX_EPOCH + Duration::from_secs(1_456_707_845);
        let read = Signable {
            method: "GET",
            path: "/tags/arn%3Aaws%3Aconnect%3Aus-east-1%3A123456789012%3Ainstance%2Fa",
            host: "127.0.0.1:4510",
            body: b"",
        };
        assert_eq!(sign(&read, at).date, "20160229T010405Z");
        assert!(
            sign(&read, at)
                .authorization
                .ends_with("Signature=31efc185d45e3b01600a936e9f76342bc5fafe636044978ce80b5d4c5df13715")
        );
        let write = Signable { method: "POST", body: br#"{"tags": {"a": "b"}}"#, ..read };
        assert!(
            sign(&write, at)
                .authorization
                .ends_with("Signature=e0be3dc44a10eae686e9d7d2ade26b44e44a23361a8be6f8ad941aaaac730361")
        );
    }
}
