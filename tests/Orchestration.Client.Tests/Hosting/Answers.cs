using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Client.Tests.Hosting;

/// <summary>Answers in few words.</summary>
internal static class Answers
{
    public static ResponseStarted Response => new()
    {
        Provider = "deepseek",
        Model = "deepseek-flash",
        Route = "auto",
        Simulated = true,
        Warnings = { new Warning { Code = "parameter_dropped", Param = "seed", Message = "The seed was dropped." } },
    };

    public static Usage Usage => new() { InputTokens = 10, CacheReadTokens = 5, OutputTokens = 7, ReasoningTokens = 3 };

    public static Summary Summary => new()
    {
        Cost = new Money { Amount = "0.0000123", Currency = "USD" },
        Settlement = Settlement.Exact,
        Attempts = { new AttemptSummary { Ordinal = 0 }, new AttemptSummary { Ordinal = 1 } },
    };

    public static ChatEvent Started => new() { ResponseStarted = Response };

    public static ChatEvent Summarised => new() { Summary = Summary };

    public static ChatEvent Counted(Usage usage) => new() { Usage = usage };

    public static ChatEvent Start(PartKind kind, int part = 0, int choice = 0, ToolCall? call = null) =>
        new() { PartStart = new PartStart { Kind = kind, PartIndex = part, ChoiceIndex = choice, ToolCall = call } };

    public static ChatEvent Delta(string text, int part = 0, int choice = 0, string signature = "") =>
        new() { PartDelta = new PartDelta { Text = text, PartIndex = part, ChoiceIndex = choice, Signature = signature } };

    public static ChatEvent Stop(int part = 0, int choice = 0) => new() { PartStop = new PartStop { PartIndex = part, ChoiceIndex = choice } };

    public static ChatEvent Finished(FinishReason reason, int choice = 0) => new() { Finish = new Finish { Reason = reason, ChoiceIndex = choice } };

    public static ChatEvent Failed(string code) => new()
    {
        Error = new Failure { FailureClass = FailureClass.ProviderTruncated, Code = code, Message = "The provider's answer broke off.", Retryable = true },
    };

    public static ChatCompletion Completion(params Part[] parts) => new()
    {
        RequestId = "0199d0a0-0000-7000-8000-000000000001",
        Response = Response,
        Choices = { new Choice { Message = new Message { Role = Role.Assistant, Parts = { parts } }, Finish = new Finish { Reason = FinishReason.Stop } } },
        Usage = Usage,
        Summary = Summary,
    };

    public static Part Text(string text) => new() { Text = new Text { Text_ = text } };
}
