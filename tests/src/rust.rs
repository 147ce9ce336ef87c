//! Reads generated Rust as a person does, without the generator.

use std::{collections::BTreeMap, path::Path};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    Attribute, Expr, FnArg, ImplItem, Item, Lit, Meta, Pat, ReturnType, Signature, TraitItem,
    Visibility,
};

use crate::workspace;

pub mod expand;
pub mod imports;
pub mod public;
mod resolve;

/// The modules of an API by path: `""` for its own file, `projects::instances` for a resource.
#[derive(Debug, Default)]
pub struct Api(pub BTreeMap<String, Module>);

/// The contents of a module.
#[derive(Debug, Default)]
pub struct Module {
    /// Public structs by name, tuple structs included.
    pub structs: BTreeMap<String, Type>,
    /// Public enums by name; the members have no types.
    pub enums: BTreeMap<String, Type>,
    /// Type aliases: name and target.
    pub aliases: BTreeMap<String, String>,
    /// The rows of `schema!` and `open_enum!`: type → member → wire name.
    pub tables: BTreeMap<String, BTreeMap<String, String>>,
    /// The facts of `call!`: call → row by row.
    pub calls: BTreeMap<String, Vec<String>>,
    /// The facts of `operation!`: schema → row by row.
    pub operations: BTreeMap<String, Vec<String>>,
    /// Public constants.
    pub constants: Vec<String>,
    /// Public imports, by their last name.
    pub imports: Vec<String>,
    /// Public functions of `impl` and trait blocks, by type or trait.
    pub functions: BTreeMap<String, Vec<Function>>,
}

/// A struct or an enum.
#[derive(Debug)]
pub struct Type {
    /// The documentation.
    pub docs: String,
    /// Fields or variants, in order.
    pub members: Vec<Member>,
}

/// A field or a variant.
#[derive(Debug)]
pub struct Member {
    /// The name.
    pub name: String,
    /// The type as text; empty for a variant.
    pub ty: String,
    /// The documentation.
    pub docs: String,
}

/// A public function.
#[derive(Debug)]
pub struct Function {
    /// The name.
    pub name: String,
    /// Names and types of the arguments after `self`.
    pub arguments: Vec<(String, String)>,
    /// The return type.
    pub output: String,
    /// The whole signature.
    pub signature: String,
    /// The documentation.
    pub docs: String,
}

/// Reads the generated module of an API below a directory.
#[must_use]
pub fn api(directory: &Path, module: &str) -> Api {
    let mut api = Api::default();
    api.read(String::new(), &directory.join(format!("{module}.rs")));
    let below = directory.join(module);
    for path in crate::expected::files_below(&below).into_keys() {
        let file = below.join(&path);
        let steps: Vec<String> = path
            .with_extension("")
            .components()
            .map(|step| step.as_os_str().to_string_lossy().into_owned())
            .collect();
        api.read(steps.join("::"), &file);
    }
    api
}

impl Api {
    /// Returns the module of this path.
    #[must_use]
    pub fn module(&self, path: &str) -> &Module {
        self.0
            .get(path)
            .unwrap_or_else(|| panic!("no module `{path}`"))
    }

    fn read(&mut self, path: String, file: &Path) {
        let text = workspace::read(file);
        let parsed = syn::parse_file(&text);
        let parsed = parsed.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        self.items(path, parsed.items);
    }

    fn items(&mut self, path: String, items: Vec<Item>) {
        let mut module = Module::default();
        for item in items {
            match item {
                Item::Mod(inner) => {
                    if let Some((_, items)) = inner.content {
                        let separator = if path.is_empty() { "" } else { "::" };
                        self.items(format!("{path}{separator}{}", inner.ident), items);
                    }
                }
                item => module.item(item),
            }
        }
        self.0.insert(path, module);
    }
}

impl Module {
    fn item(&mut self, item: Item) {
        match item {
            Item::Struct(item) if is_public(&item.vis) => {
                let members = item.fields.iter().filter_map(|field| {
                    Some(Member {
                        name: field.ident.as_ref()?.to_string(),
                        ty: code(&field.ty),
                        docs: docs(&field.attrs),
                    })
                });
                let members = members.collect();
                self.structs.insert(
                    item.ident.to_string(),
                    Type {
                        docs: docs(&item.attrs),
                        members,
                    },
                );
            }
            Item::Enum(item) if is_public(&item.vis) => {
                let members = item.variants.iter().map(|variant| Member {
                    name: variant.ident.to_string(),
                    ty: String::new(),
                    docs: docs(&variant.attrs),
                });
                let members = members.collect();
                self.enums.insert(
                    item.ident.to_string(),
                    Type {
                        docs: docs(&item.attrs),
                        members,
                    },
                );
            }
            Item::Type(item) => {
                self.aliases.insert(item.ident.to_string(), code(&item.ty));
            }
            Item::Const(item) if is_public(&item.vis) => {
                self.constants.push(item.ident.to_string());
            }
            Item::Use(item) if is_public(&item.vis) => {
                let path = code(&item.tree);
                let name = path.rsplit("::").next().map(str::to_owned);
                self.imports.extend(name);
            }
            Item::Impl(item) => {
                let functions = item.items.iter().filter_map(|item| match item {
                    ImplItem::Fn(item) if is_public(&item.vis) => {
                        Some(function(&item.sig, &item.attrs))
                    }
                    _ => None,
                });
                let found: Vec<Function> = functions.collect();
                if item.trait_.is_none() {
                    self.functions
                        .entry(code(&item.self_ty))
                        .or_default()
                        .extend(found);
                }
            }
            Item::Trait(item) => {
                let functions = item.items.iter().filter_map(|item| match item {
                    TraitItem::Fn(item) => Some(function(&item.sig, &item.attrs)),
                    _ => None,
                });
                self.functions
                    .insert(item.ident.to_string(), functions.collect());
            }
            Item::Macro(item) => {
                let name = item
                    .mac
                    .path
                    .segments
                    .last()
                    .map(|last| last.ident.to_string());
                self.table(&name.unwrap_or_default(), item.mac.tokens);
            }
            _ => {}
        }
    }

    fn table(&mut self, name: &str, tokens: TokenStream) {
        let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
        // `Name as "id"`
        if tokens.len() == 4 {
            tokens.drain(1..3);
        }
        let [TokenTree::Ident(of), TokenTree::Group(table)] = &tokens[..] else {
            // `boxed!` says that a type contains itself. It has no table.
            assert_eq!(name, "boxed", "`{name}!` is not a name and a table");
            return;
        };
        let rows = rows(table.stream());
        match name {
            "call" => {
                self.calls.insert(of.to_string(), rows);
            }
            "operation" => {
                self.operations.insert(of.to_string(), rows);
            }
            "schema" | "open_enum" => {
                let rows = rows.iter().map(|row| {
                    let (member, wire) = row.split_once(": ").expect("`member: \"wire\"`");
                    let wire = syn::parse_str::<syn::LitStr>(wire).expect("a string");
                    (member.to_owned(), wire.value())
                });
                self.tables.insert(of.to_string(), rows.collect());
            }
            // Nothing but facts of the API.
            "service" => {}
            other => panic!("generated code calls an unknown macro `{other}!`"),
        }
    }
}

/// Returns the rows of a table, separated by commas outside of `<…>`.
fn rows(table: TokenStream) -> Vec<String> {
    let mut rows = vec![TokenStream::new()];
    let mut angles = 0_i32;
    for token in table {
        if let TokenTree::Punct(punct) = &token {
            match punct.as_char() {
                '<' => angles += 1,
                '>' => angles -= 1,
                ',' if angles == 0 => {
                    rows.push(TokenStream::new());
                    continue;
                }
                _ => {}
            }
        }
        rows.last_mut().expect("a row").extend([token]);
    }
    rows.into_iter()
        .map(|row| code(&row))
        .filter(|row| !row.is_empty())
        .collect()
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn function(signature: &Signature, attributes: &[Attribute]) -> Function {
    let arguments = signature.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(input) => match &*input.pat {
            Pat::Ident(name) => Some((name.ident.to_string(), code(&input.ty))),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    });
    Function {
        name: signature.ident.to_string(),
        arguments: arguments.collect(),
        output: match &signature.output {
            ReturnType::Default => String::new(),
            ReturnType::Type(_, ty) => code(&ty),
        },
        signature: code(&signature),
        docs: docs(attributes),
    }
}

/// Returns the text of the doc comments, line by line.
fn docs(attributes: &[Attribute]) -> String {
    let lines = attributes
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
                Expr::Lit(text) => match &text.lit {
                    Lit::Str(text) => Some(text.value().trim().to_owned()),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        });
    lines.collect::<Vec<_>>().join("\n")
}

/// Returns tokens with the usual spaces.
fn code(tokens: &impl ToTokens) -> String {
    let mut text = tokens.to_token_stream().to_string();
    for (from, to) in [
        (" :: ", "::"),
        (":: ", "::"),
        (" < ", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" ,", ","),
        ("& ", "&"),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        (" : ", ": "),
        (" ;", ";"),
    ] {
        text = text.replace(from, to);
    }
    text.trim().to_owned()
}
