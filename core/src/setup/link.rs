//! The text of a set-up: what it is, and a set-up link's fields, read and written.
//!
//! | text | what it is |
//! |---|---|
//! | `paylink://setup?account=…&…` | a set-up link |
//! | `https://…#setup?account=…&…` | the same for where only such a link can be tapped: a fragment is sent to no server |
//! | `paylink://invitation/…`, `https://…#invitation/…` | an invitation (`sealed`) |

use super::field::SetupField;
use crate::order::Problem;
use crate::problem::ProblemCode;
use crate::text;
use url::form_urlencoded;

/// How our own links begin.
const SCHEME: &str = "paylink";
/// A set-up link's own name.
const SETUP: &str = "setup";
/// An invitation's own name.
const INVITATION: &str = "invitation";
/// Longer than any set-up, and short enough to be read at each keystroke.
const MAX_BYTES: usize = 16 * 1024;
/// Four times the fields that there are.
const MAX_PARAMETERS: usize = 64;
/// The version of a set-up link. A newer one may mean something else by the same names.
const VERSION: &str = "1";
/// The parameter that says the version; left out, it is 1.
const VERSION_NAME: &str = "v";
/// What the words of a problem call the text as a whole.
pub(super) const LINK: &str = "link";
/// Longest name of an unknown parameter that is quoted: what is longer is no name.
const MAX_NAME: usize = 32;

/// Parts of names that only credentials have.
const SECRETS: [&str; 6] = ["secret", "client", "password", "token", "credential", "key"];

/// What a text is.
#[derive(Debug)]
pub(super) enum Recognised {
    /// A set-up link, with its fields as they came.
    Link(String),
    /// An invitation, with its sealed part.
    Invitation(String),
}

/// Finds out what a text is, whatever a clipboard left around it.
pub(super) fn recognise(text: &str) -> Result<Recognised, Problem> {
    if text.len() > MAX_BYTES {
        return Err(Problem::on(LINK, ProblemCode::TooLong).with("max", &MAX_BYTES.to_string()));
    }
    let text = text::pasted(text);
    if text.is_empty() {
        return Err(Problem::on(LINK, ProblemCode::Required));
    }
    inside(&text).ok_or_else(|| Problem::on(LINK, ProblemCode::NotASetup))
}

fn inside(text: &str) -> Option<Recognised> {
    let (scheme, rest) = text.split_once(':')?;
    let ours = match scheme {
        scheme if scheme.eq_ignore_ascii_case(SCHEME) => rest.strip_prefix("//").unwrap_or(rest),
        scheme if scheme.eq_ignore_ascii_case("https") => rest.split_once('#')?.1,
        _ => return None,
    };
    let (name, data) = ours.split_at(ours.find(|c: char| !c.is_ascii_alphabetic())?);
    // Platforms write a slash behind a host.
    let behind_slash = data.strip_prefix('/');
    if name.eq_ignore_ascii_case(SETUP) {
        behind_slash.unwrap_or(data).strip_prefix('?').map(|fields| Recognised::Link(fields.to_owned()))
    } else if name.eq_ignore_ascii_case(INVITATION) {
        behind_slash.map(|sealed| Recognised::Invitation(sealed.to_owned()))
    } else {
        None
    }
}

/// The fields that a link gives, and what is wrong with it before they are looked at one by one.
#[derive(Default)]
pub(super) struct Given {
    /// In the order of the fields; `None`: not given.
    pub(super) fields: [Option<String>; SetupField::ALL.len()],
    pub(super) problems: Vec<Problem>,
}

/// Reads fields written as a form: `account=P12345678&seller_name=Skogens+Honning`. No value is ever quoted.
///
/// # Errors
/// A newer Paylink made it: what its fields mean is not known here.
pub(super) fn read(fields: &str) -> Result<Given, Problem> {
    let mut given = Given::default();
    for (count, (name, value)) in form_urlencoded::parse(fields.as_bytes()).enumerate() {
        if count == MAX_PARAMETERS {
            let problem = Problem::on(LINK, ProblemCode::TooMany).with("max", &MAX_PARAMETERS.to_string());
            given.problems.push(problem);
            break;
        }
        let name = name.trim().to_ascii_lowercase();
        let problem = if name == VERSION_NAME {
            version(&value)?
        } else if let Some(field) = SetupField::from_code(&name) {
            given.field(field, &value)
        } else {
            Some(unknown(&name, &value))
        };
        // Once is enough for each.
        if let Some(problem) = problem
            && !given.problems.contains(&problem)
        {
            given.problems.push(problem);
        }
    }
    Ok(given)
}

impl Given {
    fn field(&mut self, field: SetupField, value: &str) -> Option<Problem> {
        // What was not UTF-8 stands there as this.
        if value.contains(char::REPLACEMENT_CHARACTER) {
            return Some(Problem::on(field.code(), ProblemCode::Invalid));
        }
        // Two readers must not take it for two different things.
        let before = self.fields.get_mut(field as usize)?.replace(value.to_owned());
        before.map(|_| Problem::on(field.code(), ProblemCode::Repeated))
    }
}

fn version(value: &str) -> Result<Option<Problem>, Problem> {
    let version = text::plain(value);
    if version == VERSION {
        return Ok(None);
    }
    if !version.is_empty() && version.bytes().all(|one| one.is_ascii_digit()) {
        return Err(Problem::on(LINK, ProblemCode::NewerVersion));
    }
    Ok(Some(Problem::on(LINK, ProblemCode::Invalid)))
}

/// A parameter that is no field. A newer Paylink may have more of them, so it stops nothing; a person sees it before
/// anything is applied, which is where a slip of the pen is noticed. Its name is quoted only where it looks like one.
fn unknown(name: &str, value: &str) -> Problem {
    if SECRETS.iter().any(|secret| name.contains(secret)) {
        let id = name.ends_with("id");
        return Problem::on(if id { "client_id" } else { "client_secret" }, ProblemCode::SecretInClear);
    }
    let is_name = name.len() <= MAX_NAME && name.bytes().all(|one| one.is_ascii_lowercase() || one == b'_');
    let field = if is_name && !name.is_empty() && !value.is_empty() { name } else { LINK };
    Problem::warning(field, ProblemCode::UnknownField)
}

/// Fields as a form.
pub(super) fn write<'a>(fields: impl Iterator<Item = (SetupField, &'a str)>) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (field, text) in fields.filter(|(_, text)| !text.is_empty()) {
        form.append_pair(field.code(), text);
    }
    form.finish()
}

/// The text of a set-up link; with a page, as an https link to it.
pub(super) fn setup(page: Option<&str>, fields: &str) -> String {
    written(page, &format!("{SETUP}?{VERSION_NAME}={VERSION}&{fields}"))
}

/// The text of an invitation.
pub(super) fn invitation(page: Option<&str>, sealed: &str) -> String {
    written(page, &format!("{INVITATION}/{sealed}"))
}

fn written(page: Option<&str>, what: &str) -> String {
    match page {
        Some(page) => format!("{page}#{what}"),
        None => format!("{SCHEME}://{what}"),
    }
}
