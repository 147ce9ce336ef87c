//! The golden code of every fixture, compiled. Kept up to date by the test `every_fixture_is_compiled`.

#![deny(warnings)]
#![allow(
    clippy::module_inception,
    clippy::too_many_arguments,
    clippy::type_complexity,
    reason = "as the documents have it: their names, their required parameters"
)]

/// `fixtures/aliases_of_themselves_warn`.
#[path = "../../fixtures/aliases_of_themselves_warn/generated"]
pub mod aliases_of_themselves_warn {
    #[rustfmt::skip]
    pub mod aliases_of_themselves_warn_v1;
}

/// `fixtures/api_name_begins_with_a_digit`.
#[path = "../../fixtures/api_name_begins_with_a_digit/generated"]
pub mod api_name_begins_with_a_digit {
    #[rustfmt::skip]
    pub mod v1st_api_name_begins_with_a_digit_2_0;
}

/// `fixtures/api_parameter_names`.
#[path = "../../fixtures/api_parameter_names/generated"]
pub mod api_parameter_names {
    #[rustfmt::skip]
    pub mod api_parameter_names_v1;
}

/// `fixtures/api_version_header`.
#[path = "../../fixtures/api_version_header/generated"]
pub mod api_version_header {
    #[rustfmt::skip]
    pub mod api_version_header_v1;
}

/// `fixtures/bodies_of_get_and_delete_warn`.
#[path = "../../fixtures/bodies_of_get_and_delete_warn/generated"]
pub mod bodies_of_get_and_delete_warn {
    #[rustfmt::skip]
    pub mod bodies_of_get_and_delete_warn_v1;
}

/// `fixtures/bytes_times_durations_masks`.
#[path = "../../fixtures/bytes_times_durations_masks/generated"]
pub mod bytes_times_durations_masks {
    #[rustfmt::skip]
    pub mod bytes_times_durations_masks_v1;
}

/// `fixtures/data_wrapper`.
#[path = "../../fixtures/data_wrapper/generated"]
pub mod data_wrapper {
    #[rustfmt::skip]
    pub mod data_wrapper_v1;
}

/// `fixtures/deep_arrays_and_maps_warn`.
#[path = "../../fixtures/deep_arrays_and_maps_warn/generated"]
pub mod deep_arrays_and_maps_warn {
    #[rustfmt::skip]
    pub mod deep_arrays_and_maps_warn_v1;
}

/// `fixtures/deprecated_items`.
#[path = "../../fixtures/deprecated_items/generated"]
pub mod deprecated_items {
    #[rustfmt::skip]
    pub mod deprecated_items_v1;
}

/// `fixtures/descriptions_that_rustdoc_would_misread`.
#[path = "../../fixtures/descriptions_that_rustdoc_would_misread/generated"]
pub mod descriptions_that_rustdoc_would_misread {
    #[rustfmt::skip]
    pub mod descriptions_that_rustdoc_would_misread_v1;
}

/// `fixtures/descriptions_with_joined_lines`.
#[path = "../../fixtures/descriptions_with_joined_lines/generated"]
pub mod descriptions_with_joined_lines {
    #[rustfmt::skip]
    pub mod descriptions_with_joined_lines_v1;
}

/// `fixtures/digit_leading_values`.
#[path = "../../fixtures/digit_leading_values/generated"]
pub mod digit_leading_values {
    #[rustfmt::skip]
    pub mod digit_leading_values_v1;
}

/// `fixtures/document_without_methods`.
#[path = "../../fixtures/document_without_methods/generated"]
pub mod document_without_methods {
    #[rustfmt::skip]
    pub mod document_without_methods_v1;
}

/// `fixtures/dotted_and_dashed_parameters`.
#[path = "../../fixtures/dotted_and_dashed_parameters/generated"]
pub mod dotted_and_dashed_parameters {
    #[rustfmt::skip]
    pub mod dotted_and_dashed_parameters_v1;
}

/// `fixtures/duplicate_method_ids_warn`.
#[path = "../../fixtures/duplicate_method_ids_warn/generated"]
pub mod duplicate_method_ids_warn {
    #[rustfmt::skip]
    pub mod duplicate_method_ids_warn_v1;
}

/// `fixtures/empty_document`.
#[path = "../../fixtures/empty_document/generated"]
pub mod empty_document {
    #[rustfmt::skip]
    pub mod empty_document_v1;
}

/// `fixtures/empty_response`.
#[path = "../../fixtures/empty_response/generated"]
pub mod empty_response {
    #[rustfmt::skip]
    pub mod empty_response_v1;
}

/// `fixtures/encoded_slashes_in_names`.
#[path = "../../fixtures/encoded_slashes_in_names/generated"]
pub mod encoded_slashes_in_names {
    #[rustfmt::skip]
    pub mod encoded_slashes_in_names_v1;
}

/// `fixtures/enum_descriptions_on_the_array`.
#[path = "../../fixtures/enum_descriptions_on_the_array/generated"]
pub mod enum_descriptions_on_the_array {
    #[rustfmt::skip]
    pub mod enum_descriptions_on_the_array_v1;
}

/// `fixtures/global_parameter_shadowed_by_path_parameter`.
#[path = "../../fixtures/global_parameter_shadowed_by_path_parameter/generated"]
pub mod global_parameter_shadowed_by_path_parameter {
    #[rustfmt::skip]
    pub mod global_parameter_shadowed_by_path_parameter_v1;
}

/// `fixtures/hostile_text_in_every_place`.
#[path = "../../fixtures/hostile_text_in_every_place/generated"]
pub mod hostile_text_in_every_place {
    #[rustfmt::skip]
    pub mod hostile_text_in_every_place_v1_abort;
}

/// `fixtures/http_body_request_and_response`.
#[path = "../../fixtures/http_body_request_and_response/generated"]
pub mod http_body_request_and_response {
    #[rustfmt::skip]
    pub mod http_body_request_and_response_v1;
}

/// `fixtures/inline_enum_in_array_and_map`.
#[path = "../../fixtures/inline_enum_in_array_and_map/generated"]
pub mod inline_enum_in_array_and_map {
    #[rustfmt::skip]
    pub mod inline_enum_in_array_and_map_v1;
}

/// `fixtures/inline_object`.
#[path = "../../fixtures/inline_object/generated"]
pub mod inline_object {
    #[rustfmt::skip]
    pub mod inline_object_v1;
}

/// `fixtures/inline_request_and_response`.
#[path = "../../fixtures/inline_request_and_response/generated"]
pub mod inline_request_and_response {
    #[rustfmt::skip]
    pub mod inline_request_and_response_v1;
}

/// `fixtures/int64_as_string`.
#[path = "../../fixtures/int64_as_string/generated"]
pub mod int64_as_string {
    #[rustfmt::skip]
    pub mod int64_as_string_v1;
}

/// `fixtures/keyword_method_and_child_resource_same_name`.
#[path = "../../fixtures/keyword_method_and_child_resource_same_name/generated"]
pub mod keyword_method_and_child_resource_same_name {
    #[rustfmt::skip]
    pub mod keyword_method_and_child_resource_same_name_v1;
}

/// `fixtures/keyword_names`.
#[path = "../../fixtures/keyword_names/generated"]
pub mod keyword_names {
    #[rustfmt::skip]
    pub mod keyword_names_v1;
}

/// `fixtures/legacy_spellings_of_values`.
#[path = "../../fixtures/legacy_spellings_of_values/generated"]
pub mod legacy_spellings_of_values {
    #[rustfmt::skip]
    pub mod legacy_spellings_of_values_v1;
}

/// `fixtures/long_running_operation`.
#[path = "../../fixtures/long_running_operation/generated"]
pub mod long_running_operation {
    #[rustfmt::skip]
    pub mod long_running_operation_v1;
}

/// `fixtures/map_of_maps_and_array_of_arrays`.
#[path = "../../fixtures/map_of_maps_and_array_of_arrays/generated"]
pub mod map_of_maps_and_array_of_arrays {
    #[rustfmt::skip]
    pub mod map_of_maps_and_array_of_arrays_v1;
}

/// `fixtures/media_that_is_not_understood_warn`.
#[path = "../../fixtures/media_that_is_not_understood_warn/generated"]
pub mod media_that_is_not_understood_warn {
    #[rustfmt::skip]
    pub mod media_that_is_not_understood_warn_v1;
}

/// `fixtures/media_upload_and_download`.
#[path = "../../fixtures/media_upload_and_download/generated"]
pub mod media_upload_and_download {
    #[rustfmt::skip]
    pub mod media_upload_and_download_v1;
}

/// `fixtures/method_and_child_resource_same_name`.
#[path = "../../fixtures/method_and_child_resource_same_name/generated"]
pub mod method_and_child_resource_same_name {
    #[rustfmt::skip]
    pub mod method_and_child_resource_same_name_v1;
}

/// `fixtures/method_named_like_its_resource`.
#[path = "../../fixtures/method_named_like_its_resource/generated"]
pub mod method_named_like_its_resource {
    #[rustfmt::skip]
    pub mod method_named_like_its_resource_v1;
}

/// `fixtures/method_scopes`.
#[path = "../../fixtures/method_scopes/generated"]
pub mod method_scopes {
    #[rustfmt::skip]
    pub mod method_scopes_v1;
}

/// `fixtures/more_derives`.
#[path = "../../fixtures/more_derives/generated"]
pub mod more_derives {
    #[rustfmt::skip]
    pub mod more_derives_v1;
}

/// `fixtures/mutually_recursive_schemas`.
#[path = "../../fixtures/mutually_recursive_schemas/generated"]
pub mod mutually_recursive_schemas {
    #[rustfmt::skip]
    pub mod mutually_recursive_schemas_v1;
}

/// `fixtures/names_that_differ_only_in_case`.
#[path = "../../fixtures/names_that_differ_only_in_case/generated"]
pub mod names_that_differ_only_in_case {
    #[rustfmt::skip]
    pub mod names_that_differ_only_in_case_v1;
}

/// `fixtures/no_paging_on_patch`.
#[path = "../../fixtures/no_paging_on_patch/generated"]
pub mod no_paging_on_patch {
    #[rustfmt::skip]
    pub mod no_paging_on_patch_v1;
}

/// `fixtures/no_response`.
#[path = "../../fixtures/no_response/generated"]
pub mod no_response {
    #[rustfmt::skip]
    pub mod no_response_v1;
}

/// `fixtures/obstacle_course`.
#[path = "../../fixtures/obstacle_course/generated"]
pub mod obstacle_course {
    #[rustfmt::skip]
    pub mod obstacle_course_v1;
}

/// `fixtures/odd_versions`.
#[path = "../../fixtures/odd_versions/generated"]
pub mod odd_versions {
    #[rustfmt::skip]
    pub mod odd_versions_directory_v2_1_beta;
}

/// `fixtures/operations_of_zones_and_regions`.
#[path = "../../fixtures/operations_of_zones_and_regions/generated"]
pub mod operations_of_zones_and_regions {
    #[rustfmt::skip]
    pub mod operations_of_zones_and_regions_v1;
}

/// `fixtures/operations_read_by_name`.
#[path = "../../fixtures/operations_read_by_name/generated"]
pub mod operations_read_by_name {
    #[rustfmt::skip]
    pub mod operations_read_by_name_v1;
}

/// `fixtures/own_parameters_named_like_api_wide_ones`.
#[path = "../../fixtures/own_parameters_named_like_api_wide_ones/generated"]
pub mod own_parameters_named_like_api_wide_ones {
    #[rustfmt::skip]
    pub mod own_parameters_named_like_api_wide_ones_v1;
}

/// `fixtures/paging_body_token`.
#[path = "../../fixtures/paging_body_token/generated"]
pub mod paging_body_token {
    #[rustfmt::skip]
    pub mod paging_body_token_v1;
}

/// `fixtures/paging_byte_token`.
#[path = "../../fixtures/paging_byte_token/generated"]
pub mod paging_byte_token {
    #[rustfmt::skip]
    pub mod paging_byte_token_v1;
}

/// `fixtures/paging_inline_items`.
#[path = "../../fixtures/paging_inline_items/generated"]
pub mod paging_inline_items {
    #[rustfmt::skip]
    pub mod paging_inline_items_v1;
}

/// `fixtures/paging_items_beside_other_lists`.
#[path = "../../fixtures/paging_items_beside_other_lists/generated"]
pub mod paging_items_beside_other_lists {
    #[rustfmt::skip]
    pub mod paging_items_beside_other_lists_v1;
}

/// `fixtures/paging_map_items`.
#[path = "../../fixtures/paging_map_items/generated"]
pub mod paging_map_items {
    #[rustfmt::skip]
    pub mod paging_map_items_v1;
}

/// `fixtures/paging_masks_and_parameters_named_so`.
#[path = "../../fixtures/paging_masks_and_parameters_named_so/generated"]
pub mod paging_masks_and_parameters_named_so {
    #[rustfmt::skip]
    pub mod paging_masks_and_parameters_named_so_v1;
}

/// `fixtures/paging_query_token`.
#[path = "../../fixtures/paging_query_token/generated"]
pub mod paging_query_token {
    #[rustfmt::skip]
    pub mod paging_query_token_v1;
}

/// `fixtures/paging_two_lists_pages_only`.
#[path = "../../fixtures/paging_two_lists_pages_only/generated"]
pub mod paging_two_lists_pages_only {
    #[rustfmt::skip]
    pub mod paging_two_lists_pages_only_v1;
}

/// `fixtures/parameter_named_send`.
#[path = "../../fixtures/parameter_named_send/generated"]
pub mod parameter_named_send {
    #[rustfmt::skip]
    pub mod parameter_named_send_v1;
}

/// `fixtures/plural_acronyms`.
#[path = "../../fixtures/plural_acronyms/generated"]
pub mod plural_acronyms {
    #[rustfmt::skip]
    pub mod plural_acronyms_v1;
}

/// `fixtures/polluted_globals`.
#[path = "../../fixtures/polluted_globals/generated"]
pub mod polluted_globals {
    #[rustfmt::skip]
    pub mod polluted_globals_v1;
}

/// `fixtures/preconditions_of_cloud_storage`.
#[path = "../../fixtures/preconditions_of_cloud_storage/generated"]
pub mod preconditions_of_cloud_storage {
    #[rustfmt::skip]
    pub mod storage_v1;
}

/// `fixtures/prelude_names`.
#[path = "../../fixtures/prelude_names/generated"]
pub mod prelude_names {
    #[rustfmt::skip]
    pub mod prelude_names_v1;
}

/// `fixtures/property_names_meet_module_names`.
#[path = "../../fixtures/property_names_meet_module_names/generated"]
pub mod property_names_meet_module_names {
    #[rustfmt::skip]
    pub mod property_names_meet_module_names_v1;
}

/// `fixtures/recursive_schema`.
#[path = "../../fixtures/recursive_schema/generated"]
pub mod recursive_schema {
    #[rustfmt::skip]
    pub mod recursive_schema_v1;
}

/// `fixtures/ref_siblings`.
#[path = "../../fixtures/ref_siblings/generated"]
pub mod ref_siblings {
    #[rustfmt::skip]
    pub mod ref_siblings_v1;
}

/// `fixtures/repeated_parameters`.
#[path = "../../fixtures/repeated_parameters/generated"]
pub mod repeated_parameters {
    #[rustfmt::skip]
    pub mod repeated_parameters_v1;
}

/// `fixtures/repeated_path_parameter`.
#[path = "../../fixtures/repeated_path_parameter/generated"]
pub mod repeated_path_parameter {
    #[rustfmt::skip]
    pub mod repeated_path_parameter_v1;
}

/// `fixtures/request_ids`.
#[path = "../../fixtures/request_ids/generated"]
pub mod request_ids {
    #[rustfmt::skip]
    pub mod request_ids_v1;
}

/// `fixtures/required_query_parameters_in_order`.
#[path = "../../fixtures/required_query_parameters_in_order/generated"]
pub mod required_query_parameters_in_order {
    #[rustfmt::skip]
    pub mod required_query_parameters_in_order_v1;
}

/// `fixtures/reserved_expansion_path`.
#[path = "../../fixtures/reserved_expansion_path/generated"]
pub mod reserved_expansion_path {
    #[rustfmt::skip]
    pub mod reserved_expansion_path_v1;
}

/// `fixtures/resource_called_mod`.
#[path = "../../fixtures/resource_called_mod/generated"]
pub mod resource_called_mod {
    #[rustfmt::skip]
    pub mod resource_called_mod_v1;
}

/// `fixtures/resource_names_that_repeat`.
#[path = "../../fixtures/resource_names_that_repeat/generated"]
pub mod resource_names_that_repeat {
    #[rustfmt::skip]
    pub mod resource_names_that_repeat_v1;
}

/// `fixtures/resource_without_methods`.
#[path = "../../fixtures/resource_without_methods/generated"]
pub mod resource_without_methods {
    #[rustfmt::skip]
    pub mod resource_without_methods_v1;
}

/// `fixtures/resources_named_like_primitive_types`.
#[path = "../../fixtures/resources_named_like_primitive_types/generated"]
pub mod resources_named_like_primitive_types {
    #[rustfmt::skip]
    pub mod resources_named_like_primitive_types_v1;
}

/// `fixtures/resources_ten_deep`.
#[path = "../../fixtures/resources_ten_deep/generated"]
pub mod resources_ten_deep {
    #[rustfmt::skip]
    pub mod resources_ten_deep_v1;
}

/// `fixtures/root_methods`.
#[path = "../../fixtures/root_methods/generated"]
pub mod root_methods {
    #[rustfmt::skip]
    pub mod root_methods_v1;
}

/// `fixtures/root_methods_named_like_the_prelude`.
#[path = "../../fixtures/root_methods_named_like_the_prelude/generated"]
pub mod root_methods_named_like_the_prelude {
    #[rustfmt::skip]
    pub mod root_methods_named_like_the_prelude_v1;
}

/// `fixtures/schema_and_resource_same_name`.
#[path = "../../fixtures/schema_and_resource_same_name/generated"]
pub mod schema_and_resource_same_name {
    #[rustfmt::skip]
    pub mod schema_and_resource_same_name_v1;
}

/// `fixtures/schemas_named_like_modules_in_scope`.
#[path = "../../fixtures/schemas_named_like_modules_in_scope/generated"]
pub mod schemas_named_like_modules_in_scope {
    #[rustfmt::skip]
    pub mod schemas_named_like_modules_in_scope_v1;
}

/// `fixtures/schemas_that_differ_only_in_case`.
#[path = "../../fixtures/schemas_that_differ_only_in_case/generated"]
pub mod schemas_that_differ_only_in_case {
    #[rustfmt::skip]
    pub mod schemas_that_differ_only_in_case_v1;
}

/// `fixtures/selected_methods`.
#[path = "../../fixtures/selected_methods/generated"]
pub mod selected_methods {
    #[rustfmt::skip]
    pub mod selected_methods_v1;
}

/// `fixtures/selected_resources`.
#[path = "../../fixtures/selected_resources/generated"]
pub mod selected_resources {
    #[rustfmt::skip]
    pub mod selected_resources_v1;
}

/// `fixtures/service_path`.
#[path = "../../fixtures/service_path/generated"]
pub mod service_path {
    #[rustfmt::skip]
    pub mod service_path_v1;
}

/// `fixtures/streaming_response_is_an_array`.
#[path = "../../fixtures/streaming_response_is_an_array/generated"]
pub mod streaming_response_is_an_array {
    #[rustfmt::skip]
    pub mod streaming_response_is_an_array_v1;
}

/// `fixtures/top_level_alias`.
#[path = "../../fixtures/top_level_alias/generated"]
pub mod top_level_alias {
    #[rustfmt::skip]
    pub mod top_level_alias_v1;
}

/// `fixtures/unknown_types_and_formats_warn`.
#[path = "../../fixtures/unknown_types_and_formats_warn/generated"]
pub mod unknown_types_and_formats_warn {
    #[rustfmt::skip]
    pub mod unknown_types_and_formats_warn_v1;
}

/// `fixtures/values_that_are_no_identifiers`.
#[path = "../../fixtures/values_that_are_no_identifiers/generated"]
pub mod values_that_are_no_identifiers {
    #[rustfmt::skip]
    pub mod values_that_are_no_identifiers_v1;
}
