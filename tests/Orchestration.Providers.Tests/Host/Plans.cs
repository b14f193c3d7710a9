using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Identity.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Contracts.Routing.V1;

namespace Orchestration.Providers.Tests.Host;

/// <summary>Plans and requests as a gateway makes them.</summary>
internal static class Plans
{
    public const string Tenant = "acme";

    public static Attribution Attribution => new()
    {
        TenantId = Tenant,
        ProjectId = "web",
        KeyId = "k1",
        Purpose = Purpose.Chat,
        Currency = "CNY",
        Tags = { ["team"] = "blue" },
    };

    /// <summary>1 USD per million input tokens, 2 per million output tokens; 7 CNY to the dollar.</summary>
    public static Candidate Candidate(string id, string baseUrl, bool simulated = true) => new()
    {
        Deployment = new Deployment
        {
            Id = id,
            Provider = "deepseek",
            Model = "deepseek-flash",
            UpstreamModel = "up-model",
            BaseUrl = baseUrl,
            Region = "cn",
            Protocol = Protocol.OpenaiChat,
            Simulated = simulated,
            ContextWindow = 100_000,
            Price = new PriceRecord
            {
                PriceId = "p-1",
                Model = "deepseek-flash",
                Currency = "USD",
                Region = "any",
                Tiers = { new PriceTier { Input = "1", Output = "2" } },
            },
        },
        Rate = new ExchangeRate { FromCurrency = "USD", ToCurrency = "CNY", Rate = "7", AsOf = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch) },
        WorstCase = new Money { Amount = "0.01", Currency = "CNY" },
    };

    public static Plan Plan(params Candidate[] candidates) => new()
    {
        RequestedModel = "auto",
        Route = "auto",
        PolicyVersion = "1",
        Candidates = { candidates },
        DefaultMaxOutput = 4096,
        Rules = new ExecutionRules
        {
            MaxAttempts = 4,
            // A machine that is busy with other tests may be slow to connect; the connect timer has tests of its own.
            ConnectTimeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(20)),
            TotalDeadline = Duration.FromTimeSpan(TimeSpan.FromSeconds(20)),
        },
    };

    public static Start Start(Plan plan, bool stream = true) => new()
    {
        RequestId = Guid.CreateVersion7().ToString("D"),
        Attribution = Attribution,
        Plan = plan,
        Request = new ChatRequest
        {
            Model = "auto",
            Stream = stream,
            Protocol = Protocol.OpenaiChat,
            Messages = { new Message { Role = Role.User, PlainContent = true, Parts = { new Part { Text = new Text { Text_ = "Say hello." } } } } },
        },
        StartedAt = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch.AddYears(50)),
        EstimatedInputTokens = 11,
    };

    public static Duration Milliseconds(int milliseconds) => Duration.FromTimeSpan(TimeSpan.FromMilliseconds(milliseconds));
}
