//! The model's names as Rust names.

/// Words that a field name can only be with `r#`.
const KEYWORDS: &[&str] =
    &["type", "match", "ref", "use", "move", "where", "loop", "in", "enum", "struct", "final", "box"];

/// `AllowedAIAgents` as `allowed_ai_agents`.
pub(crate) fn snake(name: &str) -> String {
    let characters: Vec<char> = name.chars().collect();
    let mut snake = String::new();
    for (index, character) in characters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|index| characters.get(index));
        let after = characters.get(index + 1);
        let new_word =
            before.is_some_and(|before| !before.is_ascii_uppercase() || after.is_some_and(char::is_ascii_lowercase));
        if character.is_ascii_uppercase() && new_word {
            snake.push('_');
        }
        snake.push(character.to_ascii_lowercase());
    }
    snake
}

/// The field name of a member.
pub(crate) fn field(name: &str) -> String {
    let snake = snake(name);
    match KEYWORDS.contains(&snake.as_str()) {
        true => format!("r#{snake}"),
        false => snake,
    }
}

/// The name of a shape's static.
pub(crate) fn screaming(name: &str) -> String {
    snake(name).to_ascii_uppercase()
}

/// The variant name of an enumeration's value: `THIRD_PARTY` as `ThirdParty`.
pub(crate) fn variant(value: &str) -> Result<String, String> {
    let words = value.split(|character: char| !character.is_ascii_alphanumeric());
    let mut variant = String::new();
    for word in words {
        let mut characters = word.chars();
        variant.extend(characters.next().map(|first| first.to_ascii_uppercase()));
        match word.chars().any(|character| character.is_ascii_lowercase()) {
            true => variant.extend(characters),
            false => variant.extend(characters.map(|character| character.to_ascii_lowercase())),
        }
    }
    match variant.starts_with(|first: char| first.is_ascii_uppercase()) && variant != "Self" {
        true => Ok(variant),
        false => Err(format!("`{value}` makes no name of a variant")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_words_and_abbreviations() {
        for (name, expected) in [
            ("AllowedAIAgents", "allowed_ai_agents"),
            ("QuickConnectARN", "quick_connect_arn"),
            ("ARN", "arn"),
            ("tagKeys", "tag_keys"),
            ("FlowContentSha256", "flow_content_sha256"),
            ("IAMRestrictedPrimaryValue", "iam_restricted_primary_value"),
        ] {
            assert_eq!(snake(name), expected);
        }
        assert_eq!(field("Type"), "r#type");
    }

    #[test]
    fn variants_are_camel_case() {
        assert_eq!(variant("THIRD_PARTY_APPLICATION").unwrap(), "ThirdPartyApplication");
        assert_eq!(variant("AI_AGENT").unwrap(), "AiAgent");
        assert!(variant("9LIVES").is_err());
    }
}
