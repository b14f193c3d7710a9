namespace Orchestration.Testing;

/// <summary>A small policy that is right, and many ways to get it wrong.</summary>
public static class SamplePolicy
{
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

    /// <summary>Policies with one mistake each, and where it is told.</summary>
    public static IReadOnlyList<WrongPolicy> Wrong { get; } =
    [
        new(1, "label", With("label: sample", "label: \"\"")),
        new(2, "colour", With("rates:", "colour: red\nrates:")),
        new(1, "policy", "- a list"),
        new(2, "policy", "label: x\nlabel: y"),
        new(2, "policy", "label: &x a\nother: *x"),
        new(3, "rates[0].as_of", With("2026-11-22", "yesterday")),
        new(3, "rates.USD-CNY", With("\"7\"", "\"-7\"")),
        new(3, "rates.USD-CNY", With("\"7\"", "\"7.12345\"")),
        new(5, "endpoints.nobody", With("provider: deepseek", "provider: nobody")),
        new(5, "endpoints.deepseek.region", With("deepseek, region: cn", "deepseek, region: mars")),
        new(5, "endpoints.deepseek.base_url", With("https://deepseek.test", "ftp://deepseek.test")),
        new(5, "endpoints.deepseek.base_url", With("https://deepseek.test", "https://user:pw@deepseek.test")),
        new(7, "endpoints.moonshot", With("moonshot, region: intl", "moonshot, region: cn")),
        new(9, "deployments.spare.model", With("model: moonshot/kimi-k3", "model: moonshot/kimi-k99")),
        new(14, "routes.auto", With("simple: [deepseek/deepseek-flash]", "simple: [deepseek/nothing]")),
        new(14, "routes.auto", With("simple: [deepseek/deepseek-flash]", "simple: [deepseek/deepseek-chat]")),
        new(14, "routes.auto", With("simple: [deepseek/deepseek-flash]", "simple: [deepseek/deepseek-flash, deepseek/deepseek-flash]")),
        new(14, "routes.auto", With("simple: [deepseek/deepseek-flash]", "simple: [openai/text-embedding-3-small]")),
        new(14, "routes.auto.classes.easy", With("simple: [deepseek/deepseek-flash]", "easy: [deepseek/deepseek-flash]")),
        new(14, "routes.auto.classes.simple[0]", With("simple: [deepseek/deepseek-flash]", "simple: [[deepseek/deepseek-flash]]")),
        new(12, "routes.auto.default_class", With("default_class: moderate", "default_class: odd")),
        new(19, "routes.plain.default_max_output", With("default_max_output: 100", "default_max_output: 0")),
        new(20, "routes.plain.execution.max_attempts", With("max_attempts: 2", "max_attempts: 11")),
        new(20, "routes.plain.execution.idle_timeout", With("500ms", "soon")),
        new(20, "routes.plain.execution.hedge_after", With("idle_timeout: 500ms", "hedge_after: never")),
        new(20, "routes.plain.execution.hedge_spend_percent", With("idle_timeout: 500ms", "hedge_spend_percent: 101")),
        new(20, "routes.plain.execution.drain_tokens", With("idle_timeout: 500ms", "drain_tokens: 0")),
        new(20, "routes.plain.execution.refuse_larger_context", With("idle_timeout: 500ms", "refuse_larger_context: perhaps")),
        new(18, "routes.plain", With("chain: [deepseek/deepseek-flash, openai/gpt-4.1]", "chain: []")),
        new(23, "routes.vectors", With("[openai/text-embedding-3-small]", "[openai/text-embedding-3-small, openai/text-embedding-3-large]")),
        new(25, "aliases.deepseek:chat", With("to: deepseek/deepseek-chat", "to: deepseek/deepseek-speech")),
        new(26, "aliases.plain", With("best: auto", "plain: auto")),
        new(3, "rates.USD-USD", With("to: CNY", "to: USD")),
        new(3, "rates[0].rate", With(", rate: \"7\"", "")),
        new(3, "rates[0].colour", With("as_of: 2026-11-22 }", "as_of: 2026-11-22, colour: red }")),
        new(2, "rates", With("rates:\n  - { from: USD, to: CNY, rate: \"7\", as_of: 2026-11-22 }", "rates: none")),
        new(5, "endpoints.deepseek.protocol", With("\"https://deepseek.test\" }", "\"https://deepseek.test\", protocol: smoke }")),
        new(5, "endpoints.deepseek.modes", With("\"https://deepseek.test\" }", "\"https://deepseek.test\", modes: [song] }")),
        new(5, "endpoints.deepseek.except", With("\"https://deepseek.test\" }", "\"https://deepseek.test\", except: [nothing] }")),
        new(5, "endpoints.deepseek.base_url", With("https://deepseek.test", "https://deepseek.test?x=1")),
        new(5, "endpoints[0].base_url", With(", base_url: \"https://deepseek.test\"", "")),
        new(6, "endpoints.moonshot.region", With("moonshot, region: cn", "moonshot, region: eu")),
        new(9, "deployments.deepseek/deepseek-flash", With("id: spare", "id: deepseek/deepseek-flash")),
        new(9, "deployments.spare.region", With("kimi-k3, region: intl", "kimi-k3, region: moon")),
        new(9, "deployments[0].simulated", With("upstream_model: kimi-large", "simulated: maybe")),
        new(9, "deployments.spare.base_url", With("https://spare.test", "spare.test")),
        new(9, "deployments.spare.protocol", With("upstream_model: kimi-large", "protocol: telnet")),
        new(12, "routes.auto.classes", With("      complex: [openai/gpt-5.4, deepseek/deepseek-v4-pro]\n", "")),
        new(18, "routes.plain.mode", With("    chain: [deepseek/deepseek-flash, openai/gpt-4.1]", "    mode: song\n    chain: [deepseek/deepseek-flash, openai/gpt-4.1]")),
        new(18, "routes.plain", With("default_max_output: 100", "classes: { simple: [openai/gpt-4.1] }")),
        new(18, "routes.plain", With("openai/gpt-4.1]", "nobody]")),
        new(18, "routes.plain.chain", With("chain: [deepseek/deepseek-flash, openai/gpt-4.1]", "chain: deepseek/deepseek-flash")),
        new(19, "routes.plain.default_max_output", With("default_max_output: 100", "default_max_output: many")),
        new(20, "routes.plain.execution", With("{ max_attempts: 2, idle_timeout: 500ms }", "fast")),
        new(20, "routes.plain.execution.speed", With("max_attempts: 2", "speed: 2")),
        new(20, "routes.plain.execution.connect_timeout", With("idle_timeout: 500ms", "connect_timeout: 2h")),
        new(19, "routes.plain.allow_simulated", With("default_max_output: 100", "allow_simulated: 1")),
        new(2, "default_max_output", With("rates:", "default_max_output: -1\nrates:")),
        new(2, "residency.acme", With("rates:", "residency: { acme: [] }\nrates:")),
        new(2, "residency.acme", With("rates:", "residency: { acme: [mars] }\nrates:")),
        new(25, "aliases.deepseek:chat.to", With("{ to: deepseek/deepseek-chat, retired: true }", "{ retired: true }")),
        new(26, "aliases.best", With("best: auto", "best: nowhere")),
    ];

    /// <summary>The policy with one place written otherwise.</summary>
    public static string With(string oldText, string newText) => Yaml.Contains(oldText, StringComparison.Ordinal)
        ? Yaml.Replace(oldText, newText, StringComparison.Ordinal)
        : throw new ArgumentException($"The policy does not say '{oldText}'.", nameof(oldText));
}

/// <summary>A policy with a mistake.</summary>
/// <param name="Line">Line of the mistake.</param>
/// <param name="Path">Member that it is told of.</param>
/// <param name="Yaml">The text.</param>
public sealed record WrongPolicy(int Line, string Path, string Yaml);
