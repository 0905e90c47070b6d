//! The rules for the values of an attribute, after JSON Schema: a rule for another type of value has no effect.

use serde::{Deserialize, Serialize};

use super::value::{self, ValueType};

/// The rules of an attribute. A rule that is `None` was not set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Validation {
    /// How many characters a text has at least; texts of a list too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_length: Option<i32>,
    /// How many characters a text has at most; texts of a list too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<i32>,
    /// How many items a list has at least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_values: Option<i32>,
    /// How many items a list has at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_values: Option<i32>,
    /// Whether text is compared regardless of case: primary values with each other, any text with the listed values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore_case: Option<bool>,
    /// The least number; numbers of a list too, as for the rules below.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum: Option<f64>,
    /// The greatest number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum: Option<f64>,
    /// The bound that a number is greater than.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclusive_minimum: Option<f64>,
    /// The bound that a number is less than.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclusive_maximum: Option<f64>,
    /// The number that values are multiples of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multiple_of: Option<f64>,
    /// The listed values, which are always allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enum_values: Option<Vec<String>>,
    /// Whether only the listed values are allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enum_strict: Option<bool>,
}

impl Validation {
    /// The contradiction in the rules themselves, for values of a type, as a sentence.
    #[must_use]
    pub fn contradiction(&self, value_type: ValueType) -> Option<String> {
        let above = |low: Option<f64>, high: Option<f64>| matches!((low, high), (Some(low), Some(high)) if low > high);
        let reaches =
            |low: Option<f64>, high: Option<f64>| matches!((low, high), (Some(low), Some(high)) if low >= high);
        let count = |it: Option<i32>| it.map(f64::from);
        let order = [
            (above(count(self.min_length), count(self.max_length)), "`MinLength` is greater than `MaxLength`"),
            (above(count(self.min_values), count(self.max_values)), "`MinValues` is greater than `MaxValues`"),
            (above(self.minimum, self.maximum), "`Minimum` is greater than `Maximum`"),
            (reaches(self.minimum, self.exclusive_maximum), "`Minimum` is not less than `ExclusiveMaximum`"),
            (reaches(self.exclusive_minimum, self.maximum), "`ExclusiveMinimum` is not less than `Maximum`"),
            (
                reaches(self.exclusive_minimum, self.exclusive_maximum),
                "`ExclusiveMinimum` is not less than `ExclusiveMaximum`",
            ),
            (self.multiple_of.is_some_and(|it| it <= 0.0), "`MultipleOf` is not greater than 0"),
        ];
        let wrong = order.into_iter().find(|(wrong, _)| *wrong).map(|(_, what)| what.to_owned());
        wrong.or_else(|| {
            let item = match value_type {
                ValueType::TextList => ValueType::Text,
                ValueType::NumberList => ValueType::Number,
                single => single,
            };
            let misfit = |text: &&String| !item.fits(text);
            let listed = self.enum_values.iter().flatten().find(misfit)?;
            Some(format!("`Enum.Values` has `{listed}`, which is no value of the attribute's type"))
        })
    }

    /// The fault of a literal of a type, in words that follow "the value".
    pub(super) fn fault(&self, value_type: ValueType, text: &str) -> Option<String> {
        match value_type {
            ValueType::Text => self.text_fault(text),
            ValueType::Number => self.number_fault(value::number(text)?),
            ValueType::Boolean => self.listed(|listed| listed == text, text).err(),
            ValueType::TextList => {
                let items = value::texts(text)?;
                self.count_fault(items.len()).or_else(|| items.iter().find_map(|item| self.text_fault(item)))
            }
            ValueType::NumberList => {
                let items = value::numbers(text)?;
                self.count_fault(items.len()).or_else(|| items.into_iter().find_map(|item| self.number_fault(item)))
            }
        }
    }

    fn count_fault(&self, items: usize) -> Option<String> {
        bounds(items, self.min_values, self.max_values, "items")
    }

    fn text_fault(&self, text: &str) -> Option<String> {
        let same = |listed: &str| match self.ignore_case {
            Some(true) => listed.to_lowercase() == text.to_lowercase(),
            _ => listed == text,
        };
        match self.listed(same, text) {
            Ok(true) => None,
            Ok(false) => bounds(text.chars().count(), self.min_length, self.max_length, "characters"),
            Err(fault) => Some(fault),
        }
    }

    fn number_fault(&self, number: f64) -> Option<String> {
        let same = |listed: &str| value::number(listed) == Some(number);
        match self.listed(same, &number.to_string()) {
            Ok(true) => return None,
            Ok(false) => {}
            Err(fault) => return Some(fault),
        }
        let broken = |bound: Option<f64>, breaks: fn(f64, f64) -> bool| bound.filter(|bound| breaks(number, *bound));
        if let Some(least) = broken(self.minimum, |number, bound| number < bound) {
            return Some(format!("has {number}, which is less than {least}"));
        }
        if let Some(most) = broken(self.maximum, |number, bound| number > bound) {
            return Some(format!("has {number}, which is greater than {most}"));
        }
        if let Some(low) = broken(self.exclusive_minimum, |number, bound| number <= bound) {
            return Some(format!("has {number}, which is not greater than {low}"));
        }
        if let Some(high) = broken(self.exclusive_maximum, |number, bound| number >= bound) {
            return Some(format!("has {number}, which is not less than {high}"));
        }
        let step = broken(self.multiple_of, |number, step| !is_multiple(number, step))?;
        Some(format!("has {number}, which is not a multiple of {step}"))
    }

    /// Whether the value is one of those listed; what is wrong where it has to be and is not.
    fn listed(&self, same: impl Fn(&str) -> bool, text: &str) -> Result<bool, String> {
        let values = self.enum_values.as_deref().unwrap_or_default();
        if values.iter().any(|listed| same(listed)) {
            return Ok(true);
        }
        match self.enum_strict {
            Some(true) => Err(format!("has `{text}`, which is not one of the values that `Enum` lists")),
            _ => Ok(false),
        }
    }
}

fn bounds(count: usize, least: Option<i32>, most: Option<i32>, what: &str) -> Option<String> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    match (least.map(i64::from), most.map(i64::from)) {
        (Some(least), _) if count < least => Some(format!("has {count} {what}, at least {least} are asked for")),
        (_, Some(most)) if count > most => Some(format!("has {count} {what}, at most {most} are allowed")),
        _ => None,
    }
}

/// Whether dividing gives an integer, but for the rounding of binary fractions: 0.3 is a multiple of 0.1.
fn is_multiple(number: f64, step: f64) -> bool {
    const ROUNDING: f64 = 1e-9;
    let ratio = number / step;
    (ratio - ratio.round()).abs() <= ROUNDING * ratio.abs().max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resources::{DataTableAttribute, LockVersion};
    use crate::{Id, Timestamp};

    fn attribute(value_type: ValueType, primary: bool, validation: Validation) -> DataTableAttribute {
        DataTableAttribute {
            id: Id::from_uuid(1),
            data_table_id: Id::from_uuid(2),
            name: "a".into(),
            description: None,
            value_type,
            primary,
            validation,
            lock_version: LockVersion::default(),
            last_modified_time: Timestamp::default(),
            last_modified_region: String::new(),
        }
    }

    /// The texts of which the attribute takes the first ones and refuses the second ones.
    fn check(value_type: ValueType, validation: Validation, takes: &[&str], refuses: &[&str]) {
        let attribute = attribute(value_type, false, validation);
        for text in takes {
            assert_eq!(attribute.fault(text), None, "{value_type:?} `{text}`");
        }
        for text in refuses {
            assert!(attribute.fault(text).is_some(), "{value_type:?} `{text}`");
        }
    }

    #[test]
    fn values_are_of_their_type() {
        let none = Validation::default;
        check(ValueType::Text, none(), &["", "any", "=IF(", &"é".repeat(5_000)], &[&"é".repeat(5_001)]);
        check(
            ValueType::Number,
            none(),
            &["0", "-1.5", "1e3", "=ADD(1, 2)"],
            &["", "one", "+1", " 1", "1e999", "NaN", "[1]"],
        );
        check(ValueType::Boolean, none(), &["true", "false", "=NOT(true)"], &["", "True", "1"]);
        check(ValueType::TextList, none(), &["[]", r#"["a", "b"]"#], &["", "a", "[1]", "=JOIN(1)", "{}"]);
        check(ValueType::NumberList, none(), &["[]", "[1, 2.5]"], &["", "1", r#"["1"]"#, "[1"]);
        let long = format!(r#"["{}"]"#, "a".repeat(1_001));
        let many = format!("[{}1]", "1,".repeat(100));
        check(ValueType::TextList, none(), &[], &[&long]);
        check(ValueType::NumberList, none(), &[], &[&many]);
    }

    #[test]
    fn primary_values_are_literals() {
        let text = attribute(ValueType::Text, true, Validation::default());
        assert!(text.fault("=NOW()").is_some());
        assert!(text.fault(&"a".repeat(1_001)).is_some());
        assert_eq!(text.fault("a"), None);
        let number = attribute(ValueType::Number, true, Validation::default());
        assert!(number.fault("=ADD(1, 2)").is_some());
        assert!(number.fault(&format!("1.{}", "0".repeat(999))).is_some());
        assert_eq!(number.fault(&format!("1.{}", "0".repeat(998))), None);
    }

    #[test]
    fn numbers_are_as_long_as_text_may_be() {
        let long = |zeroes| format!("1.{}", "0".repeat(zeroes));
        check(ValueType::Number, Validation::default(), &[&long(4_998)], &[&long(4_999)]);
    }

    #[test]
    fn numbers_of_the_same_worth_are_one_primary_value() {
        let number = attribute(ValueType::Number, true, Validation::default());
        for (one, other) in [("1", "1.0"), ("10", "1e1"), ("0", "-0"), ("-0.0", "0e5")] {
            assert_eq!(number.fold(one), number.fold(other));
        }
        assert_ne!(number.fold("1"), number.fold("-1"));
    }

    #[test]
    fn each_rule_is_enforced() {
        let length = Validation { min_length: Some(2), max_length: Some(3), ..Validation::default() };
        check(ValueType::Text, length.clone(), &["ab", "äöü"], &["a", "abcd"]);
        check(ValueType::TextList, length.clone(), &["[]", r#"["ab"]"#], &[r#"["ab", "a"]"#]);
        check(ValueType::Number, length, &["1"], &[]);
        let count = Validation { min_values: Some(1), max_values: Some(2), ..Validation::default() };
        check(ValueType::NumberList, count, &["[1]", "[1, 2]"], &["[]", "[1, 2, 3]"]);
        let bounds = Validation { minimum: Some(1.0), maximum: Some(2.0), ..Validation::default() };
        check(ValueType::Number, bounds.clone(), &["1", "2"], &["0.9", "2.1"]);
        check(ValueType::NumberList, bounds, &["[1, 2]"], &["[1, 3]"]);
        let exclusive =
            Validation { exclusive_minimum: Some(1.0), exclusive_maximum: Some(2.0), ..Validation::default() };
        check(ValueType::Number, exclusive, &["1.5"], &["1", "2"]);
        let step = Validation { multiple_of: Some(0.1), ..Validation::default() };
        check(ValueType::Number, step, &["0.3", "-7", "0"], &["0.35"]);
    }

    #[test]
    fn listed_values_are_always_allowed() {
        let list = |strict| Validation {
            enum_values: Some(vec!["Gold".into(), "x".into()]),
            enum_strict: strict,
            min_length: Some(2),
            ..Validation::default()
        };
        check(ValueType::Text, list(None), &["x", "Gold", "other"], &["y"]);
        check(ValueType::Text, list(Some(true)), &["x", "Gold"], &["gold", "other"]);
        check(ValueType::Text, Validation { ignore_case: Some(true), ..list(Some(true)) }, &["gold"], &["other"]);
        check(ValueType::TextList, list(Some(true)), &["[]", r#"["x", "Gold"]"#], &[r#"["x", "y"]"#]);
        let numbers =
            Validation { enum_values: Some(vec!["1".into()]), enum_strict: Some(true), ..Validation::default() };
        check(ValueType::Number, numbers, &["1", "1.0"], &["2"]);
    }

    #[test]
    fn rules_that_contradict_each_other_are_found() {
        let none = Validation::default;
        for wrong in [
            Validation { min_length: Some(2), max_length: Some(1), ..none() },
            Validation { min_values: Some(2), max_values: Some(1), ..none() },
            Validation { minimum: Some(2.0), maximum: Some(1.0), ..none() },
            Validation { minimum: Some(1.0), exclusive_maximum: Some(1.0), ..none() },
            Validation { exclusive_minimum: Some(1.0), maximum: Some(1.0), ..none() },
            Validation { exclusive_minimum: Some(1.0), exclusive_maximum: Some(1.0), ..none() },
            Validation { multiple_of: Some(0.0), ..none() },
            Validation { enum_values: Some(vec!["one".into()]), ..none() },
        ] {
            assert!(wrong.contradiction(ValueType::Number).is_some(), "{wrong:?}");
        }
        let fine = Validation {
            minimum: Some(1.0),
            maximum: Some(1.0),
            exclusive_minimum: Some(0.0),
            enum_values: Some(vec!["1".into()]),
            ..none()
        };
        assert_eq!(fine.contradiction(ValueType::NumberList), None);
    }
}
