using System.Collections.Frozen;
using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Protocols.OpenAI;

/// <summary>
/// What the codes and types of errors mean where it is the same for every provider that uses them. Numeric codes are missing
/// on purpose: two vendors give one number two meanings, so they belong to a vendor's profile.
/// </summary>
internal static class ProviderErrorCodes
{
    private static readonly FrozenDictionary<string, FailureClass> Classes = new (FailureClass Class, string[] Codes)[]
    {
        (FailureClass.ContextLength, ["context_length_exceeded", "context_window_exceeded", "model_context_window_exceeded", "prompt_too_long", "tokens_exceeded", "input_too_long"]),
        (FailureClass.ContentFilter,
        [
            "content_filter", "content_policy_violation", "content_filtered", "data_inspection_failed", "datainspectionfailed", "invalid_prompt", "responsibleaipolicyviolation",
            "sensitivecontentdetected", "inputtextsensitivecontentdetected", "outputtextsensitivecontentdetected", "inputimagesensitivecontentdetected", "moderation_blocked",
        ]),
        (FailureClass.ProviderAuth,
        [
            "invalid_api_key", "invalidapikey", "incorrect_api_key_error", "invalid_authentication_error", "authentication_error", "authenticationerror", "invalid_iam_token",
            "unauthenticated", "missing_api_key", "invalid_api_key_error", "api_key_invalid",
        ]),
        (FailureClass.ProviderBalance,
        [
            "insufficient_quota", "insufficient_balance", "insufficient_funds", "insufficient_credits", "exceeded_current_quota_error", "arrearage", "account_overdue",
            "accountoverdueerror", "insufficient_user_quota", "billing_hard_limit_reached", "billing_not_active", "payment_required",
        ]),
        (FailureClass.ProviderConcurrency, ["concurrency_limit_exceeded", "concurrent_limit_exceeded", "max_concurrency_exceeded", "too_many_concurrent_requests"]),
        (FailureClass.ProviderRateLimited,
        [
            "rate_limit_exceeded", "rate_limit_error", "rate_limit_reached_error", "rate_limited", "ratelimitexceeded", "too_many_requests", "requests", "tokens",
            "tpm_rate_limit_exceeded", "rpm_rate_limit_exceeded", "throttling", "throttling.ratequota", "throttling.allocationquota", "limitrequests", "limit_requests",
            "limit_burst_rate", "resource_exhausted", "quotaexceeded",
        ]),
        (FailureClass.ProviderOverloaded,
        [
            "engine_overloaded_error", "engine_overloaded", "overloaded_error", "overloaded", "serveroverloaded", "server_overloaded", "service_unavailable",
            "service_unavailable_error", "server_is_overloaded", "slow_down", "unavailable", "model_overloaded",
        ]),
        (FailureClass.ProviderModelNotFound,
        [
            "model_not_found", "model_not_exist", "model_not_supported", "invalid_model", "modelnotfound", "resource_not_found_error", "not_found_error", "model_deprecated",
            "invalidendpointormodel.notfound", "deployment_not_found", "deploymentnotfound",
        ]),
        (FailureClass.ProviderPermission,
        [
            "unsupported_country_region_territory", "request_forbidden", "permission_denied", "permission_error", "access_denied", "accessdenied", "accessdenied.unpurchased",
            "model.accessdenied", "model_access_denied", "modelnotopen", "no_model_access", "organization_not_verified",
        ]),
        (FailureClass.ProviderInvalidRequest,
        [
            "unsupported_parameter", "unsupported_value", "invalid_parameter_error", "invalidparameter", "invalid_type", "invalid_value", "missing_required_parameter",
            "unknown_parameter", "string_above_max_length", "integer_above_max_value", "array_above_max_length", "invalid_json", "invalid_function_parameters", "invalid_image_url",
        ]),
        (FailureClass.ProviderTimeout, ["timeout", "request_timeout", "deadline_exceeded", "gateway_timeout", "requesttimeout"]),
        (FailureClass.ProviderError, ["server_error", "internal_server_error", "internal_error", "internalerror", "api_error", "internalserviceerror", "system_error"]),
    }.SelectMany(row => row.Codes.Select(code => KeyValuePair.Create(code, row.Class))).ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static FailureClass? Find(string code) => code.Length > 0 && Classes.TryGetValue(code, out var found) ? found : null;

    /// <summary>Class by the text, for codes that mean several things. Only phrases that nobody uses for another cause.</summary>
    public static FailureClass? FindInMessage(string message)
    {
        bool Has(string phrase) => message.Contains(phrase, StringComparison.OrdinalIgnoreCase);
        if (Has("maximum context length") || Has("context length exceeded") || Has("context window") || Has("exceeds the available context size") || Has("prompt is too long"))
            return FailureClass.ContextLength;
        if (Has("insufficient balance") || Has("insufficient_quota") || Has("credit balance is too low") || Has("exceeded your current quota") || Has("余额不足") || Has("欠费"))
            return FailureClass.ProviderBalance;
        if (Has("concurrency limit") || Has("concurrent requests") || Has("max organization concurrency"))
            return FailureClass.ProviderConcurrency;
        if (Has("invalid api key") || Has("incorrect api key") || Has("api key not valid") || Has("api key not found"))
            return FailureClass.ProviderAuth;
        return Has("is overloaded") || Has("engine is currently overloaded") ? FailureClass.ProviderOverloaded : null;
    }

    // Some say "invalid parameter" of a prompt that is too long as well, and only their words tell the two apart.
    public static FailureClass Narrow(FailureClass found, string message) =>
        found == FailureClass.ProviderInvalidRequest && FindInMessage(message) == FailureClass.ContextLength ? FailureClass.ContextLength : found;

    public static FailureClass OfStatus(int status) => status switch
    {
        401 => FailureClass.ProviderAuth,
        402 => FailureClass.ProviderBalance,
        403 => FailureClass.ProviderPermission,
        404 or 410 => FailureClass.ProviderModelNotFound,
        408 or 504 or 524 => FailureClass.ProviderTimeout,
        409 or 425 => FailureClass.ProviderError,
        413 => FailureClass.ContextLength,
        429 => FailureClass.ProviderRateLimited,
        503 or 529 => FailureClass.ProviderOverloaded,
        >= 400 and < 500 => FailureClass.ProviderInvalidRequest,
        >= 300 and < 400 => FailureClass.ProviderProtocol,
        _ => FailureClass.ProviderError,
    };
}
