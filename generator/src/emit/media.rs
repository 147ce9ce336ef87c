//! The media of a call, in words and as a row of `call!`.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::{ir, items};

/// Describes the media that a call takes, with each media type formatted by `shown`.
pub(crate) fn described(upload: &ir::Upload, shown: impl Fn(&str) -> String) -> String {
    let any = |range: &String| range == "*/*";
    let types = if upload.accept.is_empty() || upload.accept.iter().any(any) {
        "any type".to_owned()
    } else {
        let types: Vec<String> = upload.accept.iter().map(|range| shown(range)).collect();
        types.join(" or ")
    };
    let max = upload.max_size.map_or_else(String::new, |bytes| {
        format!(", at most {} bytes", grouped(bytes, ","))
    });
    types + &max
}

/// Returns the row of a call: the protocol, the media types and the largest size in bytes.
pub(super) fn row(upload: &ir::Upload, protocol: items::Upload) -> TokenStream {
    let protocol = items::ident(match protocol {
        items::Upload::Resumable => "Resumable",
        items::Upload::Simple => "Simple",
    });
    let accept = &upload.accept;
    let max = upload.max_size.map(|bytes| {
        let digits = grouped(bytes, "_").parse();
        let bytes = digits.unwrap_or_else(|_| Literal::u64_unsuffixed(bytes));
        quote! { max #bytes }
    });
    quote! { upload: #protocol #(#accept)* #max, }
}

/// Returns a number with a separator between its groups of three digits.
fn grouped(number: u64, between: &str) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push_str(between);
        }
        text.push(digit);
    }
    text
}
