//! Methods: the function that begins a call, the call, and the functions of the call.

use super::{
    function::{Function, Receiver},
    ty::{OPTION, Path, SELF, Type},
};
use crate::{
    facts::{Facts, OperationResult, OperationStyle},
    ir::{Api, MethodId, Param, Shape, TypeId, TypeRef},
    names::Names,
};

/// The type of a call, with the function that begins it.
#[derive(Clone, Debug)]
pub(crate) struct Call<'a> {
    pub(crate) path: Path<'a>,
    /// The function of the handle that begins the call.
    pub(crate) function: Function<'a>,
    /// The setter of each parameter, in the order of the method's parameters. A required parameter has none.
    pub(crate) setters: Vec<Option<Function<'a>>>,
    /// The type of the request body, if the call has one.
    pub(crate) request: Option<Type<'a>>,
    /// The type of the response.
    pub(crate) response: Type<'a>,
    /// The type of the messages, if the response is a stream.
    pub(crate) stream: Option<Type<'a>>,
    /// The protocol of uploads, if the call takes media.
    pub(crate) upload: Option<Upload>,
    /// `true` if the response can be downloaded as media.
    pub(crate) download: bool,
    /// The fields of the response for paging.
    pub(crate) pages: Option<Pages<'a>>,
    /// The types of the operation that the call starts or reads, if it can be polled.
    pub(crate) operation: Option<Operation<'a>>,
}

/// A protocol of uploads, as `call!` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Upload {
    Simple,
    Resumable,
}

/// The fields of a response for paging.
#[derive(Clone, Debug)]
pub(crate) struct Pages<'a> {
    /// The field with the token of the next page.
    pub(crate) next: &'a str,
    /// The field with the items and the type of the collection, if one field contains them.
    pub(crate) items: Option<(&'a str, Type<'a>)>,
}

/// The types of a long-running operation.
#[derive(Clone, Debug)]
pub(crate) struct Operation<'a> {
    /// The outcome, as `call!` names it.
    pub(crate) outcome: &'static str,
    /// The type of the result.
    pub(crate) result: Type<'a>,
    /// The type of the updates while the operation runs.
    pub(crate) metadata: Option<Type<'a>>,
}

/// Makes the items of a method.
pub(super) fn call<'a>(api: &'a Api, facts: &'a Facts, names: &'a Names, id: MethodId) -> Call<'a> {
    let (method, name) = (&api[id], &names[id]);
    let path = Path {
        module: &name.module,
        name: &name.call,
    };
    let parameters = || method.parameters.iter().zip(&name.parameters);
    let mut function = Function::new(&name.function, Receiver::Reference, Type::Own(path));
    function.deprecated = method.deprecated;
    for (param, name) in parameters().filter(|(param, _)| param.required) {
        let ty = Type::argument(names, &param.ty, param.repeated);
        function = function.taking(name, ty);
    }
    let request = method.request.as_ref();
    let request = request.map(|request| Type::request(names, facts, request));
    if let Some(request) = &request {
        // Optional on the wire: a method that needs none of its members is called with `None`.
        let body = Type::of(OPTION, request.clone());
        function = function.taking("body", Type::Into(Box::new(body)));
    }
    let setters = parameters()
        .map(|(param, name)| (!param.required).then(|| setter(names, param, name)))
        .collect();
    Call {
        path,
        function,
        setters,
        request,
        response: Type::response(names, facts, method.response.as_ref(), method.streaming),
        stream: method
            .streaming
            .then(|| Type::response(names, facts, method.response.as_ref(), false)),
        upload: method.upload.as_ref().map(|upload| {
            if upload.resumable {
                Upload::Resumable
            } else {
                Upload::Simple
            }
        }),
        download: method.download,
        pages: pages(api, facts, names, id),
        operation: facts
            .operation_results
            .get(&id)
            .map(|result| operation(facts, names, result)),
    }
}

/// Returns the setter of an optional parameter.
pub(super) fn setter<'a>(names: &'a Names, param: &Param, name: &'a str) -> Function<'a> {
    let ty = Type::argument(names, &param.ty, param.repeated);
    Function {
        deprecated: param.deprecated,
        ..Function::new(name, Receiver::Value, Type::plain(SELF)).taking(name, ty)
    }
}

fn pages<'a>(api: &'a Api, facts: &Facts, names: &'a Names, id: MethodId) -> Option<Pages<'a>> {
    let paging = facts.paging.get(&id)?;
    let Some(TypeRef::Named(response)) = api[id].response else {
        return None;
    };
    let Shape::Struct(fields) = &api[response].shape else {
        return None;
    };
    let member = |index: usize| names[response].members[index].as_str();
    Some(Pages {
        next: member(paging.next_token),
        items: paging
            .items
            .map(|index| (member(index), Type::owned(names, &fields[index].ty))),
    })
}

fn operation<'a>(facts: &Facts, names: &'a Names, result: &OperationResult) -> Operation<'a> {
    let own = |id: TypeId| Type::own(names, id);
    let (outcome, given) = match result.response {
        Some(response) => ("Response", own(response)),
        None if result.response_is_json => ("Response", Type::owned(names, &TypeRef::Any)),
        None => ("Operation", own(result.operation)),
    };
    let metadata = match facts.operations.get(&result.operation) {
        Some(OperationStyle::Aip151) => result.metadata,
        // The operation itself reports its progress.
        Some(OperationStyle::Compute) => Some(result.operation),
        None => None,
    };
    Operation {
        outcome,
        result: given,
        metadata: metadata.map(own),
    }
}

impl<'a> Call<'a> {
    /// Returns the functions that `call!` adds: first those that every call has besides `send`, then those of
    /// [`Call::sending`].
    pub(crate) fn added(&self) -> Vec<Function<'a>> {
        let setter = |name, argument, ty| {
            by_value(name, Type::plain(SELF)).taking(argument, Type::plain(ty))
        };
        let response = Type::of(&["gapi_runtime", "http", "Response"], self.response.clone());
        let mut functions = vec![
            setter("idempotent", "idempotent", &["bool"]),
            setter("retry", "policy", &["gapi_runtime", "RetryPolicy"]),
            by_value("send_with_headers", sending(response)),
            setter("timeout", "timeout", &["std", "time", "Duration"]),
        ];
        functions.extend(self.sending());
        functions
    }

    /// Returns the functions that `call!` adds to get the response: `send`, and those for streams, media, pages and operations.
    pub(crate) fn sending(&self) -> Vec<Function<'a>> {
        let of_self = |path| Type::of(path, Type::plain(SELF));
        let mut functions = vec![by_value("send", sending(self.response.clone()))];
        if let Some(message) = &self.stream {
            let stream = Type::of(&["gapi_runtime", "MessageStream"], message.clone());
            functions.push(by_value("stream", stream));
        }
        if self.upload.is_some() {
            let media = Type::plain(&["gapi_runtime", "Media"]);
            let upload = by_value("upload", of_self(&["gapi_runtime", "Upload"]));
            functions.push(upload.taking("media", media));
        }
        if self.download {
            let download = Type::plain(&["gapi_runtime", "Download"]);
            functions.push(by_value("download", download));
        }
        if let Some(pages) = &self.pages {
            let page = Type::Reference(Box::new(self.response.clone()));
            let next = Function::new("next_page", Receiver::Reference, of_self(OPTION));
            functions.push(by_value("pages", of_self(&["gapi_runtime", "Pages"])));
            functions.push(next.taking("page", page));
            if pages.items.is_some() {
                functions.push(by_value("items", of_self(&["gapi_runtime", "Items"])));
            }
        }
        if let Some(operation) = &self.operation {
            let result = std::iter::once(operation.result.clone());
            let arguments = result.chain(operation.metadata.clone()).collect();
            let poller = Type::Known(&["gapi_runtime", "Poller"], arguments);
            functions.push(by_value("poller", poller));
        }
        functions
    }

    /// Returns the traits that the call implements.
    pub(crate) fn traits(&self) -> Vec<&'static str> {
        let mut traits = vec![
            "Clone",
            "Debug",
            "gapi_runtime::Method",
            "gapi_runtime::Call",
            "std::future::IntoFuture",
        ];
        if self.upload == Some(Upload::Resumable) {
            traits.push("gapi_runtime::Resumable");
        }
        if let Some(pages) = &self.pages {
            traits.push("gapi_runtime::Paged");
            traits.extend(pages.items.as_ref().map(|_| "gapi_runtime::PagedItems"));
        }
        traits
    }
}

fn by_value<'a>(name: &'a str, output: Type<'a>) -> Function<'a> {
    Function::new(name, Receiver::Value, output)
}

fn sending(response: Type<'_>) -> Type<'_> {
    Type::of(&["gapi_runtime", "ResponseFuture"], response)
}
