//! CloudFormation's functions, as far as they can be evaluated from only a template.

use std::cell::RefCell;
use std::collections::BTreeMap;

use lanyard_model::Id;

use crate::options::{Assumed, ReadOptions};
use crate::plain::{Plain, ResolvedValue};
use crate::tree::{Entry, Node, Value};

/// The maximum nesting of functions.
const DEEPEST: usize = 60;
/// The maximum nesting of conditions, where each name and each function counts.
const DEEPEST_CONDITION: usize = 400;
/// The index of the identifier among the slash-separated parts of an ARN.
const ID_IN_ARN: &str = "3";

/// Values by name.
pub(super) type Values = BTreeMap<String, ResolvedValue>;

/// A template, the values of its parameters, and the identifiers of its resources.
pub(super) struct Template<'a> {
    root: &'a Node,
    options: &'a ReadOptions,
    ids: BTreeMap<String, Id>,
    /// The parameters of a nested template; `None` for a template that is not nested.
    passed: Option<Values>,
    /// The outputs of nested stacks, by the logical name of the stack.
    outputs: BTreeMap<String, Values>,
    /// Precedes the key of a comparison: the logical name of a nested stack.
    prefix: String,
    /// Whether a parameter without a value has its default.
    has_defaults: bool,
    /// The evaluated conditions: each is evaluated once, however many others name it.
    evaluated: RefCell<BTreeMap<String, Option<bool>>>,
}

impl<'a> Template<'a> {
    /// A template that is not nested.
    pub(super) fn new(root: &'a Node, options: &'a ReadOptions) -> Self {
        Self {
            root,
            options,
            ids: BTreeMap::new(),
            passed: None,
            outputs: BTreeMap::new(),
            prefix: String::new(),
            has_defaults: true,
            evaluated: RefCell::default(),
        }
    }

    /// The template of a nested stack.
    pub(super) fn nested(root: &'a Node, options: &'a ReadOptions, prefix: &str, passed: Values) -> Self {
        Self { passed: Some(passed), prefix: prefix.to_owned(), ..Self::new(root, options) }
    }

    /// The template, with only the given parameters: one without a value is unknown.
    pub(super) fn without_defaults(mut self) -> Self {
        self.has_defaults = false;
        self
    }

    pub(super) fn set_ids(&mut self, ids: BTreeMap<String, Id>) {
        self.ids = ids;
    }

    pub(super) fn set_outputs(&mut self, stack: &str, outputs: Values) {
        self.outputs.insert(stack.to_owned(), outputs);
    }

    /// The outputs of nested stacks.
    pub(super) fn outputs(&self) -> &BTreeMap<String, Values> {
        &self.outputs
    }

    /// The values of the outputs.
    pub(super) fn own_outputs(&self) -> Values {
        let outputs = self.root.get("Outputs").map(Node::entries).unwrap_or_default();
        let value = |entry: &Entry| {
            let value = entry.node.get("Value").map_or(ResolvedValue::Unknown, |node| self.plain(node, 0).value);
            (entry.name.clone(), value)
        };
        outputs.iter().map(value).collect()
    }

    /// The value of an expression.
    pub(super) fn value(&self, node: &Node) -> Plain {
        self.plain(node, 0)
    }

    /// The conditions of the template.
    pub(super) fn conditions(&self) -> &'a [Entry] {
        self.root.get("Conditions").map(Node::entries).unwrap_or_default()
    }

    /// The declaration of a parameter.
    pub(super) fn parameter(&self, name: &str) -> Option<&'a Node> {
        self.root.get("Parameters")?.get(name)
    }

    /// The key under which the result of a comparison can be assumed.
    pub(super) fn key_of(&self, comparison: &Node) -> String {
        format!("{}{}", self.prefix, canonical(comparison))
    }

    /// Whether a parameter can have another value than its default: that of a nested stack cannot.
    pub(super) fn is_open(&self, name: &str) -> bool {
        self.passed.is_none()
            && !self.options.parameters.contains_key(name)
            && (self.parameter(name).is_some() || (name.starts_with("AWS::") && name != "AWS::NoValue"))
    }

    /// The evaluated properties of a resource.
    pub(super) fn properties(&self, resource: &Node) -> Plain {
        match resource.get("Properties") {
            Some(node) => self.plain(node, 0),
            None => Plain::new(resource.at, ResolvedValue::Absent),
        }
    }

    /// Whether a condition of the template holds; `None` when that is unknown.
    pub(super) fn condition(&self, name: &str) -> Option<bool> {
        self.named_condition(name, 0)
    }

    fn named_condition(&self, name: &str, depth: usize) -> Option<bool> {
        if let Some(known) = self.evaluated.borrow().get(name) {
            return *known;
        }
        // A condition that depends on itself is unknown.
        self.evaluated.borrow_mut().insert(name.to_owned(), None);
        let holds = self.root.get("Conditions")?.get(name).and_then(|node| self.holds(node, depth));
        self.evaluated.borrow_mut().insert(name.to_owned(), holds);
        holds
    }

    fn plain(&self, node: &Node, depth: usize) -> Plain {
        if depth > DEEPEST {
            return Plain::unknown(node.at);
        }
        let resolved_value = match function(node) {
            Some((name, argument)) => self.apply(&name, &argument, depth + 1),
            None => match &node.value {
                Value::Null => ResolvedValue::Absent,
                Value::Text { text, .. } if text.contains("{{resolve:") => ResolvedValue::Unknown,
                Value::Text { text, .. } => ResolvedValue::Text(text.clone()),
                Value::List(items) => {
                    let items = items.iter().map(|item| self.plain(item, depth + 1));
                    // `AWS::NoValue` removes an item.
                    ResolvedValue::List(items.filter(|item| item.value != ResolvedValue::Absent).collect())
                }
                Value::Map(entries) if entries.iter().any(|entry| entry.name.starts_with("Fn::")) => {
                    ResolvedValue::Unknown
                }
                Value::Map(entries) => {
                    let member = |entry: &Entry| (entry.name.clone(), self.plain(&entry.node, depth + 1));
                    ResolvedValue::Map(entries.iter().map(member).collect())
                }
            },
        };
        Plain::new(node.at, resolved_value)
    }

    fn apply(&self, name: &str, argument: &Node, depth: usize) -> ResolvedValue {
        let items = argument.items();
        match name {
            "Ref" => argument.text().map_or(ResolvedValue::Unknown, |name| self.reference(name)),
            "GetAtt" => match (argument.text(), items) {
                (Some(path), _) => {
                    path.split_once('.').map_or(ResolvedValue::Unknown, |(name, of)| self.attribute(name, of))
                }
                (None, [name, of]) => match (name.text(), of.text()) {
                    (Some(name), Some(of)) => self.attribute(name, of),
                    _ => ResolvedValue::Unknown,
                },
                _ => ResolvedValue::Unknown,
            },
            "Sub" => match (argument.text(), items) {
                (Some(text), _) => self.substitute(text, &[], depth),
                (None, [text, names]) => {
                    text.text().map_or(ResolvedValue::Unknown, |text| self.substitute(text, names.entries(), depth))
                }
                _ => ResolvedValue::Unknown,
            },
            "Join" => match items {
                [between, list] => self.join(between, list, depth),
                _ => ResolvedValue::Unknown,
            },
            "Split" => match items {
                [at, text] => match (at.text(), self.plain(text, depth).value) {
                    (Some(at), ResolvedValue::Text(text)) if !at.is_empty() => {
                        let part = |part: &str| Plain::new(argument.at, ResolvedValue::Text(part.to_owned()));
                        ResolvedValue::List(text.split(at).map(part).collect())
                    }
                    _ => ResolvedValue::Unknown,
                },
                _ => ResolvedValue::Unknown,
            },
            "Select" => match items {
                [place, list] => self.select(place, list, depth),
                _ => ResolvedValue::Unknown,
            },
            "If" => match items {
                [condition, yes, no] => match condition.text().and_then(|name| self.condition(name)) {
                    Some(true) => self.plain(yes, depth).value,
                    Some(false) => self.plain(no, depth).value,
                    None => ResolvedValue::Unknown,
                },
                _ => ResolvedValue::Unknown,
            },
            "FindInMap" => match items {
                [map, first, second] => self.look_up([map, first, second], depth).unwrap_or(ResolvedValue::Unknown),
                _ => ResolvedValue::Unknown,
            },
            _ => ResolvedValue::Unknown,
        }
    }

    /// The value of `Ref`: a parameter's default value, or the ARN of a resource.
    fn reference(&self, name: &str) -> ResolvedValue {
        if name == "AWS::NoValue" {
            return ResolvedValue::Absent;
        }
        if let Some(id) = self.ids.get(name) {
            return ResolvedValue::Id(id.clone());
        }
        if let Some(value) = self.passed.as_ref().and_then(|passed| passed.get(name)) {
            return value.clone();
        }
        let parameter = self.parameter(name);
        let of_type = parameter.and_then(|it| it.get("Type")?.text()).unwrap_or("String");
        // The value of such a parameter is a key of a parameter store.
        let is_stored = of_type.starts_with("AWS::SSM::Parameter");
        let at = parameter.unwrap_or(self.root).at;
        let typed = |text: &str| {
            if of_type == "CommaDelimitedList" || of_type.starts_with("List<") {
                let item = |item: &str| Plain::new(at, ResolvedValue::Text(item.trim().to_owned()));
                return ResolvedValue::List(text.split(',').map(item).collect());
            }
            ResolvedValue::Text(text.to_owned())
        };
        if self.passed.is_none() {
            match (self.options.parameters.get(name), self.options.assumed.get(name)) {
                (Some(given), _) if !is_stored => return typed(given),
                (_, Some(Assumed::Value(value))) => return typed(value),
                (_, Some(Assumed::Other | Assumed::Any)) => return ResolvedValue::Unknown,
                _ => {}
            }
        }
        let default = parameter.and_then(|it| it.get("Default")?.text());
        let has_default = !is_stored && (self.has_defaults || self.passed.is_some());
        default.filter(|_| has_default).map_or(ResolvedValue::Unknown, typed)
    }

    /// Whether the expression is a parameter that is assumed to have another value than any that it is compared with.
    fn is_other(&self, node: &Node) -> bool {
        let Some((name, argument)) = function(node) else { return false };
        let parameter = argument.text().filter(|_| name == "Ref");
        let assumed = parameter.and_then(|parameter| self.options.assumed.get(parameter));
        self.passed.is_none() && assumed == Some(&Assumed::Other)
    }

    /// The value of `Fn::GetAtt`: a resource where the attribute is its ARN or identifier.
    fn attribute(&self, name: &str, of: &str) -> ResolvedValue {
        match self.ids.get(name) {
            Some(id) if of.ends_with("Arn") || of == "Id" => ResolvedValue::Id(id.clone()),
            Some(_) => ResolvedValue::Unknown,
            None => {
                let output = of.strip_prefix("Outputs.").and_then(|output| self.outputs.get(name)?.get(output));
                output.cloned().unwrap_or(ResolvedValue::Unknown)
            }
        }
    }

    fn substitute(&self, text: &str, names: &[Entry], depth: usize) -> ResolvedValue {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, after)) = after.split_once('}') else { return ResolvedValue::Unknown };
            parts.push(ResolvedValue::Text(before.to_owned()));
            parts.push(match name.strip_prefix('!') {
                Some(literal) => ResolvedValue::Text(format!("${{{literal}}}")),
                None => match names.iter().find(|entry| entry.name == name) {
                    Some(entry) => self.plain(&entry.node, depth).value,
                    None => match name.split_once('.') {
                        Some((name, of)) => self.attribute(name, of),
                        None => self.reference(name),
                    },
                },
            });
            rest = after;
        }
        parts.push(ResolvedValue::Text(rest.to_owned()));
        joined(parts, "")
    }

    fn join(&self, between: &Node, list: &Node, depth: usize) -> ResolvedValue {
        let (Some(between), ResolvedValue::List(items)) = (between.text(), self.plain(list, depth).value) else {
            return ResolvedValue::Unknown;
        };
        joined(items.into_iter().map(|item| item.value).collect(), between)
    }

    fn select(&self, place: &Node, list: &Node, depth: usize) -> ResolvedValue {
        let ResolvedValue::Text(place) = self.plain(place, depth).value else { return ResolvedValue::Unknown };
        // The last part of the ARN of a resource of the template is its identifier.
        if let Some((name, argument)) = function(list)
            && let ("Split", [at, of]) = (name.as_str(), argument.items())
            && at.text() == Some("/")
            && let ResolvedValue::Id(id) = self.plain(of, depth).value
        {
            return if place == ID_IN_ARN { ResolvedValue::Id(id) } else { ResolvedValue::Unknown };
        }
        let ResolvedValue::List(items) = self.plain(list, depth).value else { return ResolvedValue::Unknown };
        let at = place.parse::<usize>().ok();
        at.and_then(|at| items.into_iter().nth(at)).map_or(ResolvedValue::Unknown, |item| item.value)
    }

    fn look_up(&self, keys: [&Node; 3], depth: usize) -> Option<ResolvedValue> {
        let mut node = self.root.get("Mappings")?;
        for key in keys {
            let ResolvedValue::Text(key) = self.plain(key, depth).value else { return None };
            node = node.get(&key)?;
        }
        Some(self.plain(node, depth).value)
    }

    fn holds(&self, node: &Node, depth: usize) -> Option<bool> {
        if depth > DEEPEST_CONDITION {
            return None;
        }
        let (name, argument) = function(node)?;
        let items = argument.items();
        let mut each = items.iter().map(|item| self.holds(item, depth + 1));
        match (name.as_str(), items) {
            ("Condition", _) => self.named_condition(argument.text()?, depth + 1),
            ("Equals", [one, other]) => {
                let text = |node| match self.plain(node, depth + 1).value {
                    ResolvedValue::Text(text) => Some(text),
                    _ => None,
                };
                if let Some(Assumed::Holds(holds)) = self.options.assumed.get(&self.key_of(node)) {
                    return Some(*holds);
                }
                if (self.is_other(one) && text(other).is_some()) || (self.is_other(other) && text(one).is_some()) {
                    return Some(false);
                }
                Some(text(one)? == text(other)?)
            }
            ("Not", [one]) => self.holds(one, depth + 1).map(|holds| !holds),
            // A decisive operand decides whatever the others are.
            ("And", _) => match each.clone().any(|it| it == Some(false)) {
                true => Some(false),
                false => each.all(|it| it == Some(true)).then_some(true),
            },
            ("Or", _) => match each.clone().any(|it| it == Some(true)) {
                true => Some(true),
                false => each.all(|it| it == Some(false)).then_some(false),
            },
            _ => None,
        }
    }
}

/// The text of an expression, equal for equal ones whatever form they are written in.
pub(super) fn canonical(node: &Node) -> String {
    if let Some((name, argument)) = function(node) {
        return format!("{name} {}", canonical(&argument));
    }
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Text { text, .. } => text.clone(),
        Value::List(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(", ")),
        Value::Map(entries) => {
            let member = |entry: &Entry| format!("{}: {}", entry.name, canonical(&entry.node));
            format!("{{{}}}", entries.iter().map(member).collect::<Vec<_>>().join(", "))
        }
    }
}

/// The function of a value, by its name without `Fn::`, and its argument.
pub(super) fn function(node: &Node) -> Option<(String, Node)> {
    if let Some(tag) = &node.tag {
        return Some((tag.clone(), Node { tag: None, ..node.clone() }));
    }
    let [entry] = node.entries() else { return None };
    let name = match entry.name.as_str() {
        "Ref" | "Condition" => &entry.name,
        name => name.strip_prefix("Fn::")?,
    };
    Some((name.to_owned(), entry.node.clone()))
}

/// The concatenation of strings. A single resource stays a resource.
fn joined(parts: Vec<ResolvedValue>, between: &str) -> ResolvedValue {
    let mut want: Vec<_> = parts.iter().filter(|part| **part != ResolvedValue::Text(String::new())).collect();
    if let (Some(only @ ResolvedValue::Id(_)), true) = (want.pop(), want.is_empty()) {
        return only.clone();
    }
    let mut texts = Vec::new();
    for part in parts {
        let ResolvedValue::Text(text) = part else { return ResolvedValue::Unknown };
        texts.push(text);
    }
    ResolvedValue::Text(texts.join(between))
}
