namespace Orchestration.Providers;

/// <summary>Names from the OpenTelemetry semantic conventions for generative AI, and our own beside them.</summary>
internal static class GenAIAttributes
{
    public const string OperationName = "gen_ai.operation.name";
    public const string ProviderName = "gen_ai.provider.name";
    public const string RequestModel = "gen_ai.request.model";
    public const string ResponseModel = "gen_ai.response.model";
    public const string ResponseId = "gen_ai.response.id";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string OutputTokens = "gen_ai.usage.output_tokens";
    public const string TokenType = "gen_ai.token.type";
    public const string ErrorType = "error.type";
    public const string ServerAddress = "server.address";
    public const string ServerPort = "server.port";
    public const string Currency = "orchestration.currency";
    public const string AttemptId = "orchestration.attempt.id";
    public const string AttemptOrdinal = "orchestration.attempt.ordinal";
    public const string AttemptOutcome = "orchestration.attempt.outcome";
    public const string Deployment = "orchestration.deployment";
    public const string RequestId = "orchestration.request.id";
    public const string Simulated = "orchestration.simulated";
    public const string UsageSource = "orchestration.usage.source";
}
