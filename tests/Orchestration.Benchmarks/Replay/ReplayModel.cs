using Orchestration.Benchmarks.Running;

namespace Orchestration.Benchmarks.Replay;

/// <summary>A model of the data at a vendor who sells models of its kind: the data tells quality and price, the simulator's profile of the vendor tells the times.</summary>
internal sealed record ReplayModel(ModelName Name, decimal PricePerMillion)
{
    private static readonly (string Prefix, string Vendor)[] Vendors =
    [
        ("qwen", "alibaba"), ("gemma", "google"), ("codegemma", "google"), ("mistral", "mistral"), ("llama-3.1-8b", "groq"), ("llama3-chatqa", "vllm"), ("llama", "siliconflow"),
    ];

    /// <summary>As the data calls it.</summary>
    public string Id => Name.Id;

    /// <summary>As a policy and a request name it.</summary>
    public string Key => $"{Name.Vendor}/{Name.Id}";

    public static List<ReplayModel> Of(ScoredRows rows) =>
        [.. rows.PricePerMillion.Select(price => new ReplayModel(new ModelName(Vendors.First(vendor => price.Key.StartsWith(vendor.Prefix, StringComparison.Ordinal)).Vendor, price.Key), price.Value))];
}
