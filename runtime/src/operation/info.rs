//! The description of operations in a document, and the method that reads the one of a given name.

use crate::method::MethodInfo;
use crate::path;
use crate::request::Request;
use crate::wire::Object;
use percent_encoding::percent_decode_str;
use serde_json::Value;

/// The form of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperationStyle {
    /// AIP-151: `name`, `done`, `error`, `response`, `metadata`.
    Aip151,
    /// As in Compute Engine: `status` (`DONE` at the end), `selfLink`, `error`.
    Compute,
}

/// The methods of one resource of operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OperationMethods {
    /// Reads an operation.
    pub get: MethodInfo,
    /// Asks for its cancellation.
    pub cancel: Option<MethodInfo>,
    /// Returns when the operation is done, or after a while.
    pub wait: Option<MethodInfo>,
}

/// The description of a schema of operations in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OperationInfo {
    /// Its form.
    pub style: OperationStyle,
    /// The methods that read such operations, those with the most general path first.
    pub methods: &'static [OperationMethods],
}

/// A schema that is a long-running operation; implemented by [`operation!`](crate::operation!).
///
/// ```
/// use gapi_runtime::{Call, LongRunningOperation, Result};
///
/// /// Begins an operation of any API. The caller stores it, and waits for it later.
/// async fn begin<C, Operation>(call: C) -> Result<Operation>
/// where
///     C: Call<Response = Operation> + IntoFuture<Output = Result<Operation>>,
///     Operation: LongRunningOperation,
/// {
///     call.await
/// }
/// ```
pub trait LongRunningOperation {
    /// The description in the document.
    #[doc(hidden)]
    const INFO: &'static OperationInfo;
}

/// An operation's place: the methods that know it, and the values of their path variables.
#[derive(Clone)]
pub(super) struct Target {
    pub(super) methods: &'static OperationMethods,
    values: Vec<(&'static str, String)>,
}

impl OperationInfo {
    /// The methods whose `get` is this one.
    pub(super) fn read_by(&self, method: &MethodInfo) -> Option<&'static OperationMethods> {
        let mut all = self.methods.iter();
        all.find(|methods| methods.get.id == method.id)
    }

    /// The place of an operation that `call` began.
    pub(super) fn locate(&self, operation: &Object, call: &Request) -> Option<Target> {
        let located = self.locate_by(operation, call, path::matches);
        let by_template = || self.locate_by(operation, call, |_, _| true);
        located.or_else(|| call.skips_pattern_checks().then(by_template).flatten())
    }

    fn locate_by(&self, operation: &Object, call: &Request, fits: Fits) -> Option<Target> {
        let text = |member: &str| operation.get(member).and_then(Value::as_str);
        let find = |values: &dyn Fn(&MethodInfo) -> Option<Values>| {
            self.methods.iter().find_map(|methods| {
                let values = values(&methods.get)?;
                Some(Target { methods, values })
            })
        };
        match self.style {
            OperationStyle::Aip151 => {
                let name = text("name")?;
                find(&|get| by_name(get, name, fits))
            }
            OperationStyle::Compute => {
                let link = text("selfLink").unwrap_or_default();
                let linked = find(&|get| by_link(get, link, fits));
                linked.or_else(|| find(&|get| by_members(get, operation, call)))
            }
        }
    }
}

impl Target {
    /// The operation that a call of its `get` reads.
    pub(super) fn of(methods: &'static OperationMethods, call: &Request) -> Self {
        let variables = methods.get.path_parameters.iter();
        let values = variables
            .filter_map(|variable| Some((variable.name, call.variable(variable.name)?.to_owned())))
            .collect();
        Self { methods, values }
    }

    /// The name as far as the path says it: the last variable.
    pub(super) fn name(&self) -> Option<&str> {
        self.values.last().map(|(_, value)| value.as_str())
    }

    /// A call of one of the methods for this operation.
    pub(super) fn call(&self, method: &'static MethodInfo, like: &Request) -> Request {
        let call = like.beside(method);
        let values = self.values.iter().cloned();
        values.fold(call, |call, (name, value)| call.path(name, value))
    }
}

type Values = Vec<(&'static str, String)>;

/// A test of a value against the pattern of its variable.
type Fits = fn(&'static str, &str) -> bool;

/// The template may begin with what no name has: `v1/`.
fn by_name(get: &MethodInfo, name: &str, fits: Fits) -> Option<Values> {
    let start = get.path.find('{')?;
    let boundaries = get.path[..start].match_indices('/').map(|(at, _)| at + 1);
    let mut tails = std::iter::once(0)
        .chain(boundaries)
        .map(|at| &get.path[at..]);
    tails.find_map(|template| bind(get, template, name, fits))
}

/// The link may begin with what no template has: scheme, host and service path.
fn by_link(get: &MethodInfo, link: &str, fits: Fits) -> Option<Values> {
    let link = link.split(['?', '#']).next().unwrap_or_default();
    let decoded = percent_decode_str(link).decode_utf8().ok()?;
    let mut tails = decoded.match_indices('/').map(|(at, _)| &decoded[at + 1..]);
    tails.find_map(|tail| bind(get, get.path, tail, fits))
}

/// Without a link, the operation's own members say where it is, and the call that began it says the rest.
fn by_members(get: &MethodInfo, operation: &Object, call: &Request) -> Option<Values> {
    let last = |member: &str| {
        let text = operation.get(member).and_then(Value::as_str)?;
        text.rsplit('/').next().filter(|text| !text.is_empty())
    };
    let takes = |name: &str| get.path_parameters.iter().any(|known| known.name == name);
    // An operation of a zone is none of the region or of the whole project.
    let mut scopes = ["zone", "region"].into_iter();
    if !scopes.all(|scope| takes(scope) == last(scope).is_some()) {
        return None;
    }
    let variables = get.path_parameters.iter();
    let values = variables.map(|variable| {
        let value = match variable.name {
            "operation" | "operationId" => last("name"),
            // The whole name of the operation, which only a link can say.
            "name" => None,
            name => last(name).or_else(|| call.variable(name)),
        };
        Some((variable.name, value?.to_owned()))
    });
    values.collect()
}

/// The values with which a template becomes a path, if there are any.
fn bind(get: &MethodInfo, template: &str, path: &str, fits: Fits) -> Option<Values> {
    let values = path::bind(template, path)?;
    let bound = values.into_iter().map(|(name, value)| {
        let known = get
            .path_parameters
            .iter()
            .find(|known| known.name == name)?;
        let is_fit = known.pattern.is_none_or(|pattern| fits(pattern, value));
        is_fit.then(|| (known.name, value.to_owned()))
    });
    bound.collect()
}

#[cfg(test)]
mod tests {
    use super::{Values, bind};
    use crate::method::{MethodInfo, PathParameter};
    use crate::path;

    fn by_name(get: &MethodInfo, name: &str) -> Option<Values> {
        super::by_name(get, name, path::matches)
    }

    fn by_link(get: &MethodInfo, link: &str) -> Option<Values> {
        super::by_link(get, link, path::matches)
    }

    const fn variable(name: &'static str, pattern: Option<&'static str>) -> PathParameter {
        PathParameter { name, pattern }
    }

    const NAMED: MethodInfo = MethodInfo {
        path: "v1/{+name}",
        path_parameters: &[variable("name", Some("^projects/[^/]+/operations/[^/]+$"))],
        ..MethodInfo::DEFAULT
    };
    const PARTS: MethodInfo = MethodInfo {
        path: "v1/apps/{appsId}/operations/{operationsId}",
        path_parameters: &[variable("appsId", None), variable("operationsId", None)],
        ..MethodInfo::DEFAULT
    };
    const ZONAL: MethodInfo = MethodInfo {
        path: "projects/{project}/zones/{zone}/operations/{operation}",
        path_parameters: &[
            variable("project", None),
            variable("zone", None),
            variable("operation", Some("[a-z-]+")),
        ],
        ..MethodInfo::DEFAULT
    };

    fn values(list: &[(&'static str, &str)]) -> Values {
        let owned = list
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()));
        owned.collect()
    }

    #[test]
    fn a_name_is_told_by_the_pattern_or_by_the_template() {
        let name = "projects/p/operations/o";
        assert_eq!(by_name(&NAMED, name), Some(values(&[("name", name)])));
        assert_eq!(by_name(&NAMED, "projects/p/x/y/operations/o"), None);
        assert_eq!(by_name(&NAMED, ""), None);
        let bound = Some(values(&[("appsId", "a"), ("operationsId", "o")]));
        assert_eq!(by_name(&PARTS, "apps/a/operations/o"), bound);
        assert_eq!(by_name(&PARTS, "apps/a/operations/"), None);
        assert_eq!(by_name(&PARTS, "apps/a/b/operations/o"), None);
    }

    #[test]
    fn a_name_that_does_not_match_the_pattern_fits_the_template() {
        let name = "projects/p/x/y/operations/o";
        let bound = Some(values(&[("name", name)]));
        assert_eq!(bind(&NAMED, "{+name}", name, path::matches), None);
        assert_eq!(bind(&NAMED, "{+name}", name, |_, _| true), bound);
    }

    #[test]
    fn a_link_is_told_by_the_end_of_its_path() {
        let link = "https://www.googleapis.com/compute/v1/projects/d%3Ap/zones/z/operations/o";
        let bound = Some(values(&[
            ("project", "d:p"),
            ("zone", "z"),
            ("operation", "o"),
        ]));
        assert_eq!(by_link(&ZONAL, link), bound);
        assert_eq!(
            by_link(&ZONAL, "https://x/projects/p/regions/z/operations/o"),
            None
        );
        assert_eq!(
            by_link(&ZONAL, "https://x/projects/p/zones/z/operations/o/more"),
            None
        );
        let name = "projects/p/operations/o";
        let link = format!("https://example.googleapis.com/v1/{name}?alt=json");
        assert_eq!(by_link(&NAMED, &link), Some(values(&[("name", name)])));
    }
}
