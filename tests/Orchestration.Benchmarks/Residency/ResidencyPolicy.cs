using Orchestration.Benchmarks.Running;

namespace Orchestration.Benchmarks.Residency;

/// <summary>Chains whose first members stand abroad, so that every request is tempted to go there.</summary>
internal static class ResidencyPolicy
{
    public static readonly ModelName[] Home =
    [
        new("deepseek", "deepseek-flash"), new("alibaba", "qwen3-max"), new("zhipu", "glm-4.6"),
        new("alibaba", "text-embedding-v4"), new("alibaba", "qwen3-rerank"),
    ];

    /// <param name="abroad">Where the deployments abroad pretend to be.</param>
    /// <param name="simulator">Where those at home are.</param>
    /// <param name="bound">Whether the tenant is bound to its home.</param>
    public static string Yaml(Uri abroad, Uri simulator, bool bound) => $$"""
        label: residency-proof
        rates:
          - { from: USD, to: CNY, rate: "7", as_of: 2026-11-22 }
          - { from: CNY, to: USD, rate: "0.143", as_of: 2026-11-22 }
        execution: { max_attempts: 4, first_token_timeout: 2s, connect_timeout: 1s, total_deadline: 20s, hedge_after: 20ms, hedge_spend_percent: 100, failover_on_content_filter: true }
        deployments:
          - { id: chat-abroad-1, model: openai/gpt-4.1-mini, region: intl, simulated: true, base_url: "{{abroad}}openai/v1" }
          - { id: chat-home-1, model: deepseek/deepseek-flash, region: cn, simulated: true, base_url: "{{simulator}}deepseek/v1" }
          - { id: chat-abroad-2, model: alibaba/qwen3-max, region: intl, simulated: true, base_url: "{{abroad}}alibaba/v1" }
          - { id: chat-home-2, model: alibaba/qwen3-max, region: cn, simulated: true, base_url: "{{simulator}}alibaba/v1" }
          - { id: chat-home-3, model: zhipu/glm-4.6, region: cn, simulated: true, base_url: "{{simulator}}zhipu/v1" }
          - { id: embed-abroad, model: alibaba/text-embedding-v4, region: intl, simulated: true, base_url: "{{abroad}}alibaba/v1" }
          - { id: embed-home, model: alibaba/text-embedding-v4, region: cn, simulated: true, base_url: "{{simulator}}alibaba/v1" }
          - { id: rank-abroad, model: cohere/rerank-v3.5, region: intl, simulated: true, base_url: "{{abroad}}cohere/v1" }
          - { id: rank-home, model: alibaba/qwen3-rerank, region: cn, simulated: true, base_url: "{{simulator}}alibaba/v1" }
        routes:
          auto: { chain: [chat-abroad-1, chat-home-1, chat-abroad-2, chat-home-2, chat-home-3] }
          vectors: { mode: embedding, chain: [embed-abroad, embed-home] }
          ranks: { mode: rerank, chain: [rank-abroad, rank-home] }
        {{(bound ? "residency: { development: [cn] }" : "")}}
        """;
}
