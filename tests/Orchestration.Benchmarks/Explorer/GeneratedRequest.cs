namespace Orchestration.Benchmarks.Explorer;

/// <summary>A request as the ledger would hold it.</summary>
internal sealed class GeneratedRequest
{
    public Guid Id { get; set; }
    public DateTimeOffset StartedAt { get; set; }
    public string Tenant { get; set; } = "";
    public string Project { get; set; } = "";
    public string Key { get; set; } = "";
    public string EndUser { get; set; } = "";
    public string Session { get; set; } = "";
    public string Purpose { get; set; } = "";
    public string Route { get; set; } = "";
    public string RequestClass { get; set; } = "";
    public string Currency { get; set; } = "";
    public string Tags { get; set; } = "{}";
    public string RequestedModel { get; set; } = "";
    public string TraceId { get; set; } = "";
    public bool Streamed { get; set; }
    public bool Simulated { get; set; }

    /// <summary>An open request has none of what follows.</summary>
    public bool Open { get; set; }
    public string Status { get; set; } = "";
    public string Settlement { get; set; } = "";
    public string Cache { get; set; } = "";
    public decimal Cost { get; set; }
    public decimal? Baseline { get; set; }
    public double DurationMs { get; set; }
    public double? FirstTokenMs { get; set; }
    public List<GeneratedAttempt> Attempts { get; } = [];

    /// <summary>The attempt that answered; null when none did.</summary>
    public GeneratedAttempt? Answer => Attempts.Count > 0 && Status == "ok" ? Attempts[^1] : null;
}

/// <summary>An attempt as the ledger would hold it; what it shares with its request stands there.</summary>
internal sealed class GeneratedAttempt
{
    public Guid Id { get; init; }
    public int Ordinal { get; init; }
    public required ModelOnSale Model { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    public bool Succeeded { get; init; }
    public string FailureCode { get; init; } = "";
    public string Settlement { get; init; } = "exact";
    public decimal Cost { get; init; }
    public decimal Billed { get; init; }
    public decimal Rate { get; init; }
    public double DurationMs { get; init; }
    public double? FirstTokenMs { get; init; }
    public long Input { get; init; }
    public long CacheRead { get; init; }
    public long Output { get; init; }
    public long Reasoning { get; init; }
}

/// <summary>A model with its price per million tokens, in USD.</summary>
internal sealed record ModelOnSale(string Provider, string Name, decimal Input, decimal Output, double Share)
{
    public static IReadOnlyList<ModelOnSale> All { get; } =
    [
        new("openai", "gpt-4.1-mini", 0.4m, 1.6m, 0.24), new("openai", "gpt-4.1", 2m, 8m, 0.08), new("openai", "o4-mini", 1.1m, 4.4m, 0.04),
        new("anthropic", "claude-haiku", 0.8m, 4m, 0.10), new("anthropic", "claude-sonnet", 3m, 15m, 0.08), new("anthropic", "claude-opus", 15m, 75m, 0.005),
        new("deepseek", "deepseek-chat", 0.28m, 0.42m, 0.20), new("deepseek", "deepseek-reasoner", 0.55m, 2.19m, 0.05),
        new("zhipu", "glm-flash", 0.01m, 0.01m, 0.08), new("zhipu", "glm-plus", 0.7m, 0.7m, 0.03),
        new("moonshot", "kimi", 0.6m, 2.5m, 0.04), new("google", "gemini-flash", 0.15m, 0.6m, 0.05), new("google", "gemini-pro", 1.25m, 10m, 0.0045),
        new("google", "gemini-preview", 1.25m, 10m, 0.0005),
    ];

    public string Deployment { get; } = $"{Provider}-{Name}";

    public string Price { get; } = FormattableString.Invariant(
        $$"""{"priceId":"{{Provider}}/{{Name}}:USD:any@2026-09-01","model":"{{Name}}","currency":"USD","region":"any","tiers":[{"input":"{{Input}}","output":"{{Output}}"}],"confidence":"high"}""");
}
