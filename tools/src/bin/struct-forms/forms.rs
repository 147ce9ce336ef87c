//! The generated schemas, rewritten into each form.

use std::error::Error;

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{File, Item, ItemEnum, ItemMacro, ItemStruct, parse_quote};

/// Returns the source of the crate for every form, by name.
pub(crate) fn all(schemas: &str) -> Result<Vec<(&'static str, String)>, Box<dyn Error>> {
    let parsed = syn::parse_file(schemas)?;
    let print = |rewrite: fn(Vec<Item>) -> Vec<Item>| {
        let file = File {
            items: nested(parsed.items.clone(), rewrite),
            ..parsed.clone()
        };
        prettyplease::unparse(&file)
    };
    Ok(vec![
        ("derive", print(|items| derived(items, false))),
        ("flatten", print(|items| derived(items, true))),
        ("expanded", print(expanded)),
        ("macro", schemas.to_owned()),
    ])
}

/// Rewrites the items of a module and of the modules inside it.
fn nested(items: Vec<Item>, rewrite: fn(Vec<Item>) -> Vec<Item>) -> Vec<Item> {
    let inner = items.into_iter().map(|item| match item {
        Item::Mod(mut module) => {
            if let Some((_, items)) = &mut module.content {
                *items = nested(std::mem::take(items), rewrite);
            }
            Item::Mod(module)
        }
        item => item,
    });
    rewrite(inner.collect())
}

fn is_call(item: &Item, name: &str) -> bool {
    matches!(item, Item::Macro(call) if call.mac.path.segments.last().is_some_and(|last| last.ident == name))
}

/// Returns the rows of a table: Rust name and wire name.
fn table(call: &ItemMacro) -> (TokenStream, Vec<(TokenStream, TokenStream)>) {
    let mut tokens = call.mac.tokens.clone().into_iter();
    let name = tokens.next().into_token_stream();
    let rows = match tokens.next() {
        Some(TokenTree::Group(group)) => group.stream().into_iter().collect::<Vec<_>>(),
        _ => Vec::new(),
    };
    let rows = rows
        .split(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ','))
        .filter(|row| row.len() == 3)
        .map(|row| (row[0].to_token_stream(), row[2].to_token_stream()))
        .collect();
    (name, rows)
}

/// Returns the items without their tables, each type with the wire names of its table.
fn derived(items: Vec<Item>, flatten: bool) -> Vec<Item> {
    let mut out: Vec<Item> = Vec::new();
    for item in items {
        if is_call(&item, "boxed") {
            continue;
        }
        match (item, out.last_mut()) {
            (Item::Macro(call), Some(Item::Struct(item))) => {
                derive_struct(item, &table(&call).1, flatten);
            }
            (Item::Macro(call), Some(Item::Enum(item))) => derive_enum(item, &table(&call).1),
            (item, _) => out.push(item),
        }
    }
    out
}

fn derive_struct(item: &mut ItemStruct, rows: &[(TokenStream, TokenStream)], flatten: bool) {
    item.attrs.push(
        parse_quote!(#[derive(Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]),
    );
    let syn::Fields::Named(fields) = &mut item.fields else {
        return;
    };
    let unknown = fields.named.pop();
    for (field, (_, wire)) in fields.named.iter_mut().zip(rows) {
        field.attrs.push(parse_quote!(#[serde(rename = #wire, default, skip_serializing_if = "Option::is_none")]));
    }
    if let Some(mut unknown) = unknown.filter(|_| flatten) {
        unknown.ty = parse_quote!(gapi_runtime::Object);
        unknown.attrs.push(parse_quote!(#[serde(flatten)]));
        fields.named.push(unknown);
    }
}

fn derive_enum(item: &mut ItemEnum, rows: &[(TokenStream, TokenStream)]) {
    item.attrs
        .push(parse_quote!(#[derive(PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]));
    for (variant, (_, wire)) in item.variants.iter_mut().zip(rows) {
        variant.attrs.push(parse_quote!(#[serde(rename = #wire)]));
    }
    if let Some(unknown) = item.variants.last_mut() {
        unknown.attrs.push(parse_quote!(#[serde(untagged)]));
    }
}

/// Returns the items with each table expanded as the macros of the runtime do.
fn expanded(items: Vec<Item>) -> Vec<Item> {
    items
        .into_iter()
        .flat_map(|item| match item {
            item if is_call(&item, "boxed") => vec![item],
            Item::Macro(call) => {
                let (name, rows) = table(&call);
                let is_enum = call
                    .mac
                    .path
                    .segments
                    .last()
                    .is_some_and(|last| last.ident == "open_enum");
                let tokens = if is_enum {
                    expand_enum(&name, &rows)
                } else {
                    expand_struct(&name, &rows)
                };
                let file: File = parse_quote!(#tokens);
                file.items
            }
            item => vec![item],
        })
        .collect()
}

fn serde_impls(name: &TokenStream, decode: &TokenStream, encode: &TokenStream) -> TokenStream {
    quote! {
        impl<'de> serde::Deserialize<'de> for #name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
                gapi_runtime::codegen::#decode(deserializer)
            }
        }
        impl serde::Serialize for #name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
                gapi_runtime::codegen::#encode(self, serializer)
            }
        }
    }
}

fn expand_struct(name: &TokenStream, rows: &[(TokenStream, TokenStream)]) -> TokenStream {
    let (fields, wires): (Vec<_>, Vec<_>) = rows.iter().cloned().unzip();
    let names = fields
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(" ");
    let serde = serde_impls(name, &quote! { decode_schema }, &quote! { encode_schema });
    let coder = if rows.is_empty() {
        quote! { _ }
    } else {
        quote! { coder }
    };
    quote! {
        #[allow(deprecated)]
        impl gapi_runtime::Schema for #name {
            const FIELDS: gapi_runtime::codegen::FieldNames =
                gapi_runtime::codegen::FieldNames { rust: #names, wire: &[#(#wires),*] };
            fn decode_field<D: gapi_runtime::codegen::DecodeField>(&mut self, #coder: &mut D) -> &mut gapi_runtime::UnknownFields {
                #(coder.field(&mut self.#fields);)*
                &mut self.unknown_fields
            }
            fn encode_fields<E: gapi_runtime::codegen::EncodeFields>(&self, #coder: &mut E) -> &gapi_runtime::UnknownFields {
                #(coder.field(&self.#fields);)*
                &self.unknown_fields
            }
        }
        #[allow(deprecated)]
        impl PartialEq for #name {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                self.unknown_fields == other.unknown_fields #(&& self.#fields == other.#fields)*
            }
        }
        impl std::fmt::Debug for #name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                gapi_runtime::codegen::debug_schema(self, stringify!(#name), f)
            }
        }
        #[allow(deprecated)]
        impl Default for #name {
            #[inline]
            fn default() -> Self {
                Self {
                    #(#fields: None,)*
                    unknown_fields: gapi_runtime::UnknownFields::new(),
                }
            }
        }
        #serde
    }
}

fn expand_enum(name: &TokenStream, rows: &[(TokenStream, TokenStream)]) -> TokenStream {
    let (variants, wires): (Vec<_>, Vec<_>) = rows.iter().cloned().unzip();
    let serde = serde_impls(name, &quote! { decode_enum }, &quote! { encode_enum });
    quote! {
        impl #name {
            /// Returns the value as it is on the wire.
            #[inline]
            #[must_use]
            pub fn as_str(&self) -> &str {
                gapi_runtime::OpenEnum::as_text(self)
            }
        }
        #[allow(deprecated)]
        impl gapi_runtime::OpenEnum for #name {
            #[inline]
            fn as_text(&self) -> &str {
                match self {
                    #(Self::#variants => #wires,)*
                    Self::UnknownValue(value) => value,
                }
            }
            #[inline]
            fn from_text(text: std::borrow::Cow<'_, str>) -> Self {
                match &*text {
                    #(#wires => Self::#variants,)*
                    _ => Self::UnknownValue(text.into_owned()),
                }
            }
        }
        impl PartialEq for #name {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                gapi_runtime::OpenEnum::as_text(self) == gapi_runtime::OpenEnum::as_text(other)
            }
        }
        impl Eq for #name {}
        impl std::hash::Hash for #name {
            #[inline]
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                std::hash::Hash::hash(gapi_runtime::OpenEnum::as_text(self), state);
            }
        }
        impl std::fmt::Display for #name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(gapi_runtime::OpenEnum::as_text(self))
            }
        }
        impl From<&str> for #name {
            #[inline]
            fn from(text: &str) -> Self {
                gapi_runtime::OpenEnum::from_text(std::borrow::Cow::Borrowed(text))
            }
        }
        impl From<String> for #name {
            #[inline]
            fn from(text: String) -> Self {
                gapi_runtime::OpenEnum::from_text(std::borrow::Cow::Owned(text))
            }
        }
        impl gapi_runtime::WireFormat for #name {
            fn decode<'de, D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
                gapi_runtime::codegen::decode_enum(deserializer)
            }
            fn encode<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
                gapi_runtime::codegen::encode_enum(self, serializer)
            }
        }
        #serde
    }
}
