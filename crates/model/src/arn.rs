//! Amazon Resource Names of what an instance holds.

use crate::{Id, Kind};

/// Where an instance lives: the account and region that its ARNs name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope {
    /// The AWS account, twelve digits.
    pub account: String,
    /// The AWS region, such as `eu-west-2`.
    pub region: String,
}

impl Scope {
    /// The partition that the region belongs to: `aws`, `aws-us-gov` or `aws-cn`.
    #[must_use]
    pub fn partition(&self) -> &'static str {
        match self.region.get(..7) {
            Some("us-gov-") => "aws-us-gov",
            _ if self.region.starts_with("cn-") => "aws-cn",
            _ => "aws",
        }
    }

    /// The ARN of an instance in this scope.
    #[must_use]
    pub fn instance_arn(&self, instance: &Id) -> String {
        format!("arn:{}:connect:{}:{}:instance/{instance}", self.partition(), self.region, self.account)
    }

    /// The ARN of a resource of an instance; `None` for kinds that have none.
    #[must_use]
    pub fn arn(&self, instance: &Id, kind: Kind, id: &Id) -> Option<String> {
        if kind == Kind::Instance {
            return Some(self.instance_arn(instance));
        }
        let segment = kind.arn_segment()?;
        Some(format!("{}/{segment}/{id}", self.instance_arn(instance)))
    }

    /// The ARN of a registered application in this scope.
    #[must_use]
    pub fn application_arn(&self, application: &Id) -> String {
        format!("{}{application}", self.application_prefix())
    }

    /// The registered application that an ARN of this scope names; `None` for all other text.
    #[must_use]
    pub fn parse_application_arn(&self, arn: &str) -> Option<Id> {
        arn.strip_prefix(&self.application_prefix()).filter(|id| !id.contains('/')).map(Id::new)
    }

    fn application_prefix(&self) -> String {
        format!("arn:{}:app-integrations:{}:{}:application/", self.partition(), self.region, self.account)
    }

    /// The instance and the resource within it that an ARN of this scope names.
    ///
    /// `None` for text that is no ARN of this account and region, or names a kind that has no ARN here.
    #[must_use]
    pub fn parse_arn(&self, arn: &str) -> Option<(Id, Kind, Id)> {
        let mut parts = arn.splitn(6, ':');
        let same = parts.next() == Some("arn")
            && parts.next() == Some(self.partition())
            && parts.next() == Some("connect")
            && parts.next() == Some(self.region.as_str())
            && parts.next() == Some(self.account.as_str());
        if !same {
            return None;
        }
        let path = parts.next()?.strip_prefix("instance/")?;
        let Some((instance, rest)) = path.split_once('/') else {
            let instance = Id::new(path);
            return Some((instance.clone(), Kind::Instance, instance));
        };
        let (segment, id) = rest.rsplit_once('/')?;
        let kind = Kind::from_arn_segment(segment)?;
        Some((Id::new(instance), kind, Id::new(id)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(region: &str) -> Scope {
        Scope { account: "123456789012".into(), region: region.into() }
    }

    #[test]
    fn arns_read_back_as_written() {
        let scope = scope("eu-west-2");
        let (instance, id) = (Id::from_uuid(1), Id::from_uuid(2));
        let arn = scope.arn(&instance, Kind::SecurityProfile, &id).unwrap();
        assert_eq!(
            arn,
            "arn:aws:connect:eu-west-2:123456789012:instance/00000000-0000-0000-0000-000000000001/security-profile/00000000-0000-0000-0000-000000000002"
        );
        assert_eq!(scope.parse_arn(&arn), Some((instance.clone(), Kind::SecurityProfile, id)));
        let arn = scope.arn(&instance, Kind::Instance, &instance).unwrap();
        assert_eq!(scope.parse_arn(&arn), Some((instance.clone(), Kind::Instance, instance)));
    }

    #[test]
    fn a_foreign_or_malformed_arn_names_nothing() {
        let scope = scope("eu-west-2");
        for arn in [
            "",
            "arn:aws:connect:eu-west-1:123456789012:instance/i",
            "arn:aws:connect:eu-west-2:999999999999:instance/i",
            "arn:aws-cn:connect:eu-west-2:123456789012:instance/i",
            "arn:aws:connect:eu-west-2:123456789012:instance/i/no-such-kind/x",
            "arn:aws:connect:eu-west-2:123456789012:phone-number/x",
        ] {
            assert_eq!(scope.parse_arn(arn), None, "{arn}");
        }
    }

    #[test]
    fn the_arn_of_an_application_reads_back_as_written() {
        let id = Id::from_uuid(2);
        let arn = scope("eu-west-2").application_arn(&id);
        assert_eq!(
            arn,
            "arn:aws:app-integrations:eu-west-2:123456789012:application/00000000-0000-0000-0000-000000000002"
        );
        assert_eq!(scope("eu-west-2").parse_application_arn(&arn), Some(id));
        assert_eq!(scope("eu-west-1").parse_application_arn(&arn), None);
        assert_eq!(scope("eu-west-2").parse_application_arn(&format!("{arn}/x")), None);
    }

    #[test]
    fn the_region_fixes_the_partition() {
        assert_eq!(scope("us-gov-west-1").partition(), "aws-us-gov");
        assert_eq!(scope("cn-north-1").partition(), "aws-cn");
        assert_eq!(scope("us-east-1").partition(), "aws");
    }
}
