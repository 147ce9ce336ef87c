//! Golden code of fixtures, used as a user would.

#![allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "only parts of the golden code are used here; gapi-goldens compiles it strictly"
)]
#![allow(
    clippy::too_many_arguments,
    clippy::wrong_self_convention,
    reason = "as the documents have it"
)]

#[path = "../../fixtures/operations_of_zones_and_regions/generated"]
pub(crate) mod compute {
    #[rustfmt::skip]
    pub mod operations_of_zones_and_regions_v1;
}

#[path = "../../fixtures/deprecated_items/generated"]
pub(crate) mod deprecated_items {
    #[rustfmt::skip]
    pub mod deprecated_items_v1;
}

#[path = "../../fixtures/digit_leading_values/generated"]
pub(crate) mod digit_leading_values {
    #[rustfmt::skip]
    pub mod digit_leading_values_v1;
}

#[path = "../../fixtures/global_parameter_shadowed_by_path_parameter/generated"]
pub(crate) mod global_parameter {
    #[rustfmt::skip]
    pub mod global_parameter_shadowed_by_path_parameter_v1;
}

#[path = "../../fixtures/media_upload_and_download/generated"]
pub(crate) mod media {
    #[rustfmt::skip]
    pub mod media_upload_and_download_v1;
}

#[path = "../../fixtures/mutually_recursive_schemas/generated"]
pub(crate) mod mutually_recursive_schemas {
    #[rustfmt::skip]
    pub mod mutually_recursive_schemas_v1;
}

#[path = "../../fixtures/operations_read_by_name/generated"]
pub(crate) mod named {
    #[rustfmt::skip]
    pub mod operations_read_by_name_v1;
}

#[path = "../../fixtures/obstacle_course/generated"]
pub(crate) mod obstacle_course {
    #[rustfmt::skip]
    pub mod obstacle_course_v1;
}

#[path = "../../fixtures/own_parameters_named_like_api_wide_ones/generated"]
pub(crate) mod own_parameters {
    #[rustfmt::skip]
    pub mod own_parameters_named_like_api_wide_ones_v1;
}

#[path = "../../fixtures/paging_masks_and_parameters_named_so/generated"]
pub(crate) mod paging_masks {
    #[rustfmt::skip]
    pub mod paging_masks_and_parameters_named_so_v1;
}

#[path = "../../fixtures/request_ids/generated"]
pub(crate) mod request_ids {
    #[rustfmt::skip]
    pub mod request_ids_v1;
}

#[path = "../../fixtures/api_version_header/generated"]
pub(crate) mod versioned {
    #[rustfmt::skip]
    pub mod api_version_header_v1;
}

#[path = "../../fixtures/data_wrapper/generated"]
pub(crate) mod wrapped {
    #[rustfmt::skip]
    pub mod data_wrapper_v1;
}
