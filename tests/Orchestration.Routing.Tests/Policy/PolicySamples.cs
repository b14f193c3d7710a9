using Orchestration.Routing.Catalogue;
using Orchestration.Routing.Policy;

namespace Orchestration.Routing.Tests.Policy;

internal static class PolicySamples
{
    public static readonly ModelCatalogue Catalogue = CatalogueReader.ReadShipped();

    /// <summary>Small and right.</summary>
    public const string Yaml = """
        label: sample
        rates:
          - { from: USD, to: CNY, rate: "7", as_of: 2026-11-22 }
        endpoints:
          - { provider: deepseek, region: cn, base_url: "https://deepseek.test" }
          - { provider: moonshot, region: cn, base_url: "https://cn.moonshot.test/v1" }
          - { provider: moonshot, region: intl, base_url: "https://intl.moonshot.test/v1" }
        deployments:
          - { id: spare, model: moonshot/kimi-k3, region: intl, base_url: "https://spare.test", upstream_model: kimi-large }
        routes:
          auto:
            default_class: moderate
            classes:
              simple: [deepseek/deepseek-flash]
              moderate: [moonshot/kimi-k2.6, deepseek/deepseek-flash]
              complex: [openai/gpt-5.4, deepseek/deepseek-v4-pro]
          plain:
            chain: [deepseek/deepseek-flash, openai/gpt-4.1]
            default_max_output: 100
            execution: { max_attempts: 2, idle_timeout: 500ms }
          vectors:
            mode: embedding
            chain: [openai/text-embedding-3-small]
        aliases:
          "deepseek:chat": { to: deepseek/deepseek-chat, retired: true }
          best: auto
        """;

    public static PolicyDocument Checked(string yaml = Yaml) => PolicyValidation.Checked(yaml, Catalogue);

    public static string With(string oldText, string newText)
    {
        Yaml.ShouldContain(oldText);
        return Yaml.Replace(oldText, newText, StringComparison.Ordinal);
    }
}
