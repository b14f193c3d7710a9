using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Identity.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Contracts.Routing.V1;

namespace Orchestration.Benchmarks.Providers;

/// <summary>A request as the gateway hands it over, for one simulated deployment.</summary>
internal static class SamplePlan
{
    public const string Tenant = "development";

    public static Start Start(Uri baseUrl) => new()
    {
        RequestId = Guid.CreateVersion7().ToString("D"),
        Attribution = new Attribution { TenantId = Tenant, ProjectId = "default", KeyId = "k1", Purpose = Purpose.Chat, Currency = "USD" },
        Plan = new Plan
        {
            RequestedModel = "openai/gpt-4.1-mini",
            Route = "openai/gpt-4.1-mini",
            PolicyVersion = "1",
            DefaultMaxOutput = 200,
            Candidates = { Candidate(baseUrl) },
            Rules = new ExecutionRules { MaxAttempts = 1, TotalDeadline = Duration.FromTimeSpan(TimeSpan.FromSeconds(30)) },
        },
        Request = new ChatRequest
        {
            Model = "openai/gpt-4.1-mini",
            Stream = true,
            MaxOutputTokens = 200,
            Protocol = Protocol.OpenaiChat,
            Messages = { new Message { Role = Role.User, PlainContent = true, Parts = { new Part { Text = new Text { Text_ = "Say hello in a few words." } } } } },
        },
        StartedAt = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow()),
        EstimatedInputTokens = 14,
    };

    private static Candidate Candidate(Uri baseUrl) => new()
    {
        Deployment = new Deployment
        {
            Id = "openai/gpt-4.1-mini@simulated",
            Provider = "openai",
            Model = "gpt-4.1-mini",
            UpstreamModel = "gpt-4.1-mini",
            BaseUrl = baseUrl.ToString().TrimEnd('/'),
            Region = "intl",
            Protocol = Protocol.OpenaiChat,
            Simulated = true,
            ContextWindow = 1_000_000,
            Price = new PriceRecord
            {
                PriceId = "benchmark", Model = "gpt-4.1-mini", Currency = "USD", Region = "any",
                Tiers = { new PriceTier { Input = "0.4", Output = "1.6", CacheRead = "0.1" } },
            },
        },
        Rate = new ExchangeRate { FromCurrency = "USD", ToCurrency = "USD", Rate = "1", AsOf = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch) },
        WorstCase = new Money { Amount = "0.01", Currency = "USD" },
    };
}
