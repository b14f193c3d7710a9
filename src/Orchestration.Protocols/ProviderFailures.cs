using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Protocols;

/// <summary>Failures of providers as a client may see them: stable codes, no word of the provider's account or network.</summary>
internal static class ProviderFailures
{
    public static Failure Protocol(string message) => Of(FailureClass.ProviderProtocol, message);

    public static Failure Truncated() => Of(FailureClass.ProviderTruncated);

    public static Failure Of(FailureClass failureClass, string? message = null, string? code = null, int status = 0, RetryHints hints = default)
    {
        var (defaultCode, sentence, retryable) = Describe(failureClass);
        var failure = new Failure
        {
            FailureClass = failureClass,
            Code = code ?? defaultCode,
            Message = message ?? sentence,
            Retryable = hints.ShouldRetry ?? retryable,
            ProviderStatus = status,
        };
        if (hints.RetryAfter is { } wait && failure.Retryable)
            failure.RetryAfter = Duration.FromTimeSpan(wait);
        return failure;
    }

    private static (string Code, string Sentence, bool Retryable) Describe(FailureClass failureClass) => failureClass switch
    {
        FailureClass.ProviderInvalidRequest => ("invalid_request", "The provider refused the request as invalid.", false),
        FailureClass.ContextLength => ("context_length_exceeded", "The prompt is longer than the model's context.", false),
        FailureClass.ContentFilter => ("content_filter", "The provider's content policy refused the request.", false),
        FailureClass.ProviderAuth => ("provider_auth", "The provider refused the gateway's credential.", false),
        FailureClass.ProviderPermission => ("provider_permission", "The gateway's account may not use this model.", false),
        FailureClass.ProviderModelNotFound => ("provider_model_not_found", "The provider does not know the model.", false),
        FailureClass.ProviderBalance => ("provider_quota", "The provider cannot be used at the moment.", false),
        FailureClass.ProviderRateLimited => ("provider_rate_limited", "The provider limits the rate of requests.", true),
        FailureClass.ProviderConcurrency => ("provider_concurrency", "The provider limits the number of concurrent requests.", true),
        FailureClass.ProviderOverloaded => ("provider_overloaded", "The provider is overloaded.", true),
        FailureClass.ProviderTimeout => ("upstream_timeout", "The provider did not answer in time.", true),
        FailureClass.ProviderProtocol => ("upstream_protocol", "The provider's answer could not be understood.", true),
        FailureClass.ProviderTruncated => ("upstream_stream_truncated", "The provider's answer ended before it was complete.", true),
        _ => ("provider_error", "The provider failed.", true),
    };
}
