using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Providers.Execution;

/// <summary>The failures that execution itself makes, and what of a provider's failure may be shown.</summary>
internal static class ExecutionFailures
{
    /// <summary>Code of an attempt that was withdrawn because another one of the same request answered.</summary>
    public const string OutrunCode = "outrun";

    public static Failure ShuttingDown() =>
        Make(FailureClass.Unavailable, "server_shutting_down", "The service is being restarted.", retryable: true);

    public static Failure ClientGone() =>
        Make(FailureClass.Unavailable, "client_gone", "The client left before the answer was complete.");

    public static Failure Outrun() =>
        Make(FailureClass.Unavailable, OutrunCode, "Another provider began its answer first.");

    public static Failure LedgerFull()
    {
        var failure = Make(FailureClass.Unavailable, "spool_full", "The service cannot take new work now.", retryable: true);
        failure.RetryAfter = Duration.FromTimeSpan(TimeSpan.FromSeconds(5));
        return failure;
    }

    public static Failure Internal() => Make(FailureClass.Internal, "internal_error", "An internal error happened.");

    public static Failure Invalid(string message) => Make(FailureClass.InvalidRequest, "invalid_plan", message);

    public static Failure PriceUnknown(string deployment) =>
        Make(FailureClass.PriceUnknown, "price_unknown", $"No usable price is known for {deployment}.");

    public static Failure NoCredential(string provider) =>
        Make(FailureClass.ProviderAuth, "provider_not_configured", $"No credential is configured for {provider}.");

    public static Failure ProtocolUnsupported(string deployment) =>
        Make(FailureClass.Unavailable, "protocol_unsupported", $"The protocol of {deployment} is not supported.");

    public static Failure Strict(string parameters) =>
        Make(FailureClass.InvalidRequest, "unsupported_parameter", $"The model would need these parameters changed or dropped: {parameters}.");

    public static Failure CostCeiling() =>
        Make(FailureClass.CostCeiling, "cost_ceiling", "The answer would cost more than the request may.");

    public static Failure Protocol(string message, string code = "upstream_protocol") =>
        Make(FailureClass.ProviderProtocol, code, message, retryable: true);

    public static Failure Truncated() =>
        Make(FailureClass.ProviderTruncated, "upstream_truncated", "The provider's answer was cut off.", retryable: true);

    public static Failure Unreachable(string code = "upstream_unreachable") =>
        Make(FailureClass.ProviderUnreachable, code, "The provider could not be reached.", retryable: true);

    public static Failure AllCooling(TimeSpan wait)
    {
        var failure = Make(FailureClass.ProviderRateLimited, "provider_rate_limited", "Every provider for this model is limiting requests.", retryable: true);
        failure.RetryAfter = Duration.FromTimeSpan(wait);
        return failure;
    }

    public static Failure AllFailing(TimeSpan wait)
    {
        var failure = Make(FailureClass.Unavailable, "providers_failing", "No provider of this model works at the moment.", retryable: true);
        failure.RetryAfter = Duration.FromTimeSpan(wait);
        return failure;
    }

    public static Failure Overrun() =>
        Make(FailureClass.ProviderProtocol, "upstream_overrun", "The provider went on far beyond the length that it was given.");

    public static Failure RegionMismatch(string deployment) =>
        Make(FailureClass.Unavailable, "region_mismatch", $"The address of {deployment} is not in the region that the deployment names.");

    /// <summary>
    /// The failure with a text of our own where the provider's would tell of the operator's account, and with the code
    /// that clients know.
    /// </summary>
    public static Failure Shown(Failure failure)
    {
        var (code, message) = failure.FailureClass switch
        {
            FailureClass.ProviderAuth when failure.Code != "provider_not_configured" =>
                ("provider_auth", "The provider refused the credential of this service."),
            FailureClass.ProviderPermission => ("provider_auth", "The credential of this service may not use this model."),
            FailureClass.ProviderBalance => ("provider_quota", "The account of this service at the provider is exhausted."),
            _ => (failure.Code, failure.Message),
        };
        if (code == failure.Code && message == failure.Message) return failure;
        var shown = failure.Clone();
        (shown.Code, shown.Message) = (code, message);
        return shown;
    }

    private static Failure Make(FailureClass failureClass, string code, string message, bool retryable = false) =>
        new() { FailureClass = failureClass, Code = code, Message = message, Retryable = retryable };
}
