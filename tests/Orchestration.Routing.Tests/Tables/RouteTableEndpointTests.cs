using Orchestration.Contracts.Chat.V1;
using Orchestration.Routing.Policy;
using Orchestration.Routing.Tests.Policy;
using static Orchestration.Routing.Tests.Tables.TableSamples;

namespace Orchestration.Routing.Tests.Tables;

public sealed class RouteTableEndpointTests
{
    private const string Local = """
        endpoints:
          - { provider: ollama, region: cn, base_url: "http://127.0.0.1:11434", protocol: ollama }
        """;

    private const string LocalModel = """
        models:
          - { provider: ollama, id: "qwen3:8b", context_window: 32768, capabilities: [tools], price: { currency: USD, input: "0", output: "0" } }
        """;

    [Theory]
    [InlineData("anthropic/claude-sonnet-4-5", Protocol.AnthropicMessages, "http://127.0.0.1:8095/anthropic/v1")]
    [InlineData("google/gemini-2.5-flash", Protocol.Gemini, "http://127.0.0.1:8095/google/v1beta")]
    [InlineData("google/gemini-embedding-001", Protocol.OpenaiChat, "http://127.0.0.1:8095/google/v1")]
    [InlineData("deepseek/deepseek-flash", Protocol.OpenaiChat, "http://127.0.0.1:8095/deepseek/v1")]
    public void A_simulated_deployment_speaks_the_protocol_of_the_real_one(string model, Protocol protocol, string address)
    {
        var deployment = Shipped().Chain(model).ShouldHaveSingleItem();

        (deployment.Protocol, deployment.BaseUrl).ShouldBe((protocol, address));
    }

    [Fact]
    public void Anthropic_and_Gemini_are_asked_in_their_own_protocols()
    {
        var built = Shipped("anthropic", "google");

        built.Chain("anthropic/claude-sonnet-4-5")[0].BaseUrl.ShouldBe("https://api.anthropic.com/v1");
        built.Chain("anthropic/claude-sonnet-4-5")[0].Protocol.ShouldBe(Protocol.AnthropicMessages);
        built.Chain("google/gemini-2.5-flash")[0].BaseUrl.ShouldBe("https://generativelanguage.googleapis.com/v1beta");
        built.Chain("google/gemini-2.5-flash")[0].Protocol.ShouldBe(Protocol.Gemini);
    }

    [Fact]
    public void A_model_of_a_local_server_is_served_at_the_price_that_the_policy_names()
    {
        var built = Sample(PolicySamples.With("endpoints:", Local).Insert(0, LocalModel + "\n"), "ollama");

        var deployment = built.Chain("ollama/qwen3:8b").ShouldHaveSingleItem();
        (deployment.Protocol, deployment.BaseUrl, deployment.Simulated).ShouldBe((Protocol.Ollama, "http://127.0.0.1:11434", false));
        (deployment.Price.Currency, deployment.Price.Tiers[0].Input, deployment.ContextWindow).ShouldBe(("USD", "0", 32768));
        deployment.Capabilities.Tools.ShouldBeTrue();
    }

    [Fact]
    public void A_model_of_the_policy_needs_a_price_and_known_capabilities()
    {
        const string Unpriced = "models:\n  - { provider: ollama, id: a }\n";
        const string Unknown = "models:\n  - { provider: ollama, id: a, capabilities: [dreams], price: { currency: USD, input: \"0\", output: \"cheap\" } }\n";

        Errors(Unpriced).ShouldHaveSingleItem().ShouldContain("models[0].price is missing");
        Errors(Unknown).ShouldContain(e => e.Contains("'dreams' is not a known capability", StringComparison.Ordinal));
        Errors(Unknown).ShouldContain(e => e.Contains("output", StringComparison.Ordinal));
    }

    [Fact]
    public void Residency_stands_in_the_table_and_wrong_regions_are_named()
    {
        var built = Sample("residency: { acme: [cn], \"*\": [intl, cn] }\n" + PolicySamples.Yaml);

        built.Table.Residency["acme"].Regions.ShouldBe(["cn"]);
        built.Table.Residency["*"].Regions.ShouldBe(["intl", "cn"]);
        Errors("residency: { acme: [mars], other: [] }\n").ShouldBe(
            ["line 1: residency.acme 'mars' is not cn or intl", "line 1: residency.other names no region"], ignoreOrder: true);
    }

    [Fact]
    public void An_unknown_protocol_is_named()
    {
        Errors("", PolicySamples.With("\"https://deepseek.test\"", "\"https://deepseek.test\", protocol: morse"))
            .ShouldHaveSingleItem().ShouldContain("endpoints.deepseek.protocol is not one of openai, openai-responses, anthropic, gemini, ollama");
    }

    private static IReadOnlyList<string> Errors(string before, string yaml = PolicySamples.Yaml) =>
        [.. Should.Throw<InvalidPolicyException>(() => PolicySamples.Checked(before + yaml)).Errors.Select(e => e.ToString())];
}
