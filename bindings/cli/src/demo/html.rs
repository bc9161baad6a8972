//! Reading a page as far as a browser without scripts needs it: forms with their fields, and the text of an element.

/// What a form would send, and what can be chosen in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// Where it goes.
    pub action: String,
    /// Hidden fields and what is typed in text fields.
    pub fields: Vec<(String, String)>,
    /// Radio buttons, boxes and buttons: name and value.
    pub choices: Vec<(String, String)>,
}

/// The form with this id.
#[must_use]
pub fn form(page: &str, id: &str) -> Option<Form> {
    let mut tags = tags(page).skip_while(|tag| !(tag.name == "form" && tag.get("id") == Some(id)));
    let mut form = Form { action: decoded(tags.next()?.get("action")?), ..Form::default() };
    for tag in tags.take_while(|tag| tag.name != "/form") {
        let Some(name) = tag.get("name").map(decoded) else { continue };
        let value = decoded(tag.get("value").unwrap_or_default());
        match (tag.name, tag.get("type").unwrap_or("text")) {
            ("input", "radio" | "checkbox") | ("button", _) => form.choices.push((name, value)),
            ("input", _) => form.fields.push((name, value)),
            _ => {}
        }
    }
    Some(form)
}

/// The text in the element with this id, tags left out.
#[must_use]
pub fn text(page: &str, id: &str) -> Option<String> {
    let tag = tags(page).find(|tag| tag.get("id") == Some(id))?;
    let end = page[tag.end..].find(&format!("</{}", tag.name))? + tag.end;
    let mut text = String::new();
    let mut in_tag = false;
    for character in page[tag.end..end].chars() {
        match character {
            '<' => in_tag = true,
            '>' => in_tag = false,
            other if !in_tag => text.push(other),
            _ => {}
        }
    }
    Some(decoded(&text))
}

/// An attribute of the element with this id.
#[must_use]
pub fn attribute(page: &str, id: &str, name: &str) -> Option<String> {
    tags(page).find(|tag| tag.get("id") == Some(id))?.get(name).map(decoded)
}

struct Tag<'a> {
    name: &'a str,
    attributes: Vec<(&'a str, &'a str)>,
    /// Where the page goes on.
    end: usize,
}

impl<'a> Tag<'a> {
    fn get(&self, name: &str) -> Option<&'a str> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }
}

fn tags(page: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + page[at..].find('<')? + 1;
        let inside = &page[start..];
        let mut quoted = false;
        let length = inside.find(|character| {
            quoted ^= character == '"';
            character == '>' && !quoted
        })?;
        at = start + length + 1;
        let inside = &inside[..length];
        let (name, rest) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
        Some(Tag { name: name.trim_end_matches('/'), attributes: attributes(rest), end: at })
    })
}

fn attributes(mut rest: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    while let Some(start) = rest.find(|character: char| !character.is_whitespace() && character != '/') {
        rest = &rest[start..];
        let end = rest.find(|character: char| character == '=' || character.is_whitespace()).unwrap_or(rest.len());
        let name = &rest[..end];
        rest = &rest[end..];
        let mut value = "";
        if let Some(quoted) = rest.strip_prefix("=\"") {
            let end = quoted.find('"').unwrap_or(quoted.len());
            value = &quoted[..end];
            rest = quoted.get(end + 1..).unwrap_or_default();
        } else if let Some(after) = rest.strip_prefix('=') {
            rest = after;
        }
        found.push((name, value));
    }
    found
}

fn decoded(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
    text.replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<!DOCTYPE html><html><body><p id="notice" role="alert">Try <b>again</b> &amp; again</p>
        <form id="other" action="/no"><input name="x" value="1"></form>
        <form id="payment" action="/pay?a=1&amp;b=2" method="post"><input type="hidden" name="language" value="en">
        <input type="radio" name="method" value="a > b" checked required><input id="fail" type="checkbox" name="fail" value="1">
        <button id="pay" type="submit" name="action" value="pay">Pay</button></form><section id="receipt" data-status="CAPTURED"></section>"#;

    #[test]
    fn a_form_is_read_with_its_fields_and_choices() {
        let form = form(PAGE, "payment").unwrap();
        assert_eq!(form.action, "/pay?a=1&b=2");
        assert_eq!(form.fields, [("language".to_owned(), "en".to_owned())]);
        let choices: Vec<(&str, &str)> = form.choices.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(choices, [("method", "a > b"), ("fail", "1"), ("action", "pay")]);
        assert_eq!(super::form(PAGE, "none"), None);
    }

    #[test]
    fn an_element_is_read_by_its_id() {
        assert_eq!(text(PAGE, "notice").as_deref(), Some("Try again & again"));
        assert_eq!(attribute(PAGE, "receipt", "data-status").as_deref(), Some("CAPTURED"));
        assert_eq!(text(PAGE, "none"), None);
    }
}
