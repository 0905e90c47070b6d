//! Every operation with shapes.
//!
//! Generated from `model/appintegrations-2020-07-29.json`; `cargo run -p lanyard-codegen` writes it again.

operations! {
    CreateApplication {
        "POST" "/applications", CreateApplicationRequest => crate::appintegrations::shapes::CreateApplicationResponse,
        [InternalServiceError, ResourceQuotaExceededException, DuplicateResourceException, ThrottlingException, InvalidRequestException, AccessDeniedException, UnsupportedOperationException]
    }
    GetApplication {
        "GET" "/applications/{ApplicationIdentifier}", GetApplicationRequest => crate::appintegrations::shapes::GetApplicationResponse,
        [InternalServiceError, ThrottlingException, ResourceNotFoundException, InvalidRequestException, AccessDeniedException]
    }
    ListApplications {
        "GET" "/applications", ListApplicationsRequest => crate::appintegrations::shapes::ListApplicationsResponse,
        [InternalServiceError, ThrottlingException, InvalidRequestException, AccessDeniedException], page ("NextToken", "MaxResults", "NextToken", "Applications")
    }
    UpdateApplication {
        "PATCH" "/applications/{ApplicationIdentifier}", UpdateApplicationRequest => crate::appintegrations::shapes::UpdateApplicationResponse,
        [InternalServiceError, ThrottlingException, ResourceNotFoundException, InvalidRequestException, AccessDeniedException, UnsupportedOperationException, ConflictException]
    }
    DeleteApplication {
        "DELETE" "/applications/{ApplicationIdentifier}", DeleteApplicationRequest => crate::appintegrations::shapes::DeleteApplicationResponse,
        [InternalServiceError, ThrottlingException, ResourceNotFoundException, InvalidRequestException, AccessDeniedException]
    }
    ListApplicationAssociations {
        "GET" "/applications/{ApplicationIdentifier}/associations", ListApplicationAssociationsRequest => crate::appintegrations::shapes::ListApplicationAssociationsResponse,
        [InternalServiceError, ThrottlingException, ResourceNotFoundException, InvalidRequestException, AccessDeniedException], page ("NextToken", "MaxResults", "NextToken", "ApplicationAssociations")
    }
    TagResource {
        "POST" "/tags/{resourceArn}", TagResourceRequest => crate::appintegrations::shapes::TagResourceResponse,
        [InvalidRequestException, InternalServiceError, ResourceNotFoundException, ThrottlingException, AccessDeniedException, ConflictException]
    }
    UntagResource {
        "DELETE" "/tags/{resourceArn}", UntagResourceRequest => crate::appintegrations::shapes::UntagResourceResponse,
        [InvalidRequestException, InternalServiceError, ResourceNotFoundException, ThrottlingException, AccessDeniedException, ConflictException]
    }
    ListTagsForResource {
        "GET" "/tags/{resourceArn}", ListTagsForResourceRequest => crate::appintegrations::shapes::ListTagsForResourceResponse,
        [InvalidRequestException, InternalServiceError, ResourceNotFoundException, ThrottlingException, AccessDeniedException]
    }
}
