using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.Anthropic;
using Orchestration.Providers.Profiles;

namespace Orchestration.Providers.Tests.Profiles;

public sealed class VendorProfilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("profiles-").FullName;

    [Fact]
    public void Shipped_profiles_are_valid()
    {
        var profiles = VendorProfiles.Load(Path.Combine(AppContext.BaseDirectory, "Profiles"));

        string[] expected =
        [
            "alibaba", "anthropic", "baidu", "deepseek", "google", "groq", "minimax", "mistral", "moonshot", "openai", "siliconflow",
            "volcengine", "xai", "zhipu",
        ];
        expected.Except(profiles.Vendors.Select(v => v.Provider)).ShouldBeEmpty();
        profiles.Vendors.ShouldAllBe(v => v.Endpoints.Count > 0);
        profiles.For("zhipu").ErrorCodes["1113"].ShouldBe(FailureClass.ProviderBalance);
        profiles.For("openai").Chat.MaxTokensField.ShouldBe("max_completion_tokens");
        (profiles.For("alibaba").Chat.Thinking.Form, profiles.For("deepseek").Chat.Thinking.Form).ShouldBe(("enable_thinking", "thinking"));
        (profiles.For("anthropic").Authorization.Header, profiles.For("anthropic").Headers["anthropic-version"]).ShouldBe(("x-api-key", "2023-06-01"));
        AnthropicModelRules.For("claude-sonnet-4-5", profiles.For("anthropic").Messages).Thinking.ShouldBe(AnthropicThinking.Budget);
        AnthropicModelRules.For("claude-opus-4-8", profiles.For("anthropic").Messages).Sampling.ShouldBe(AnthropicSampling.None);
        AnthropicModelRules.For("claude-sonnet-5", profiles.For("anthropic").Messages).Thinking.ShouldBe(AnthropicThinking.Adaptive);
        profiles.For("unheard-of").Provider.ShouldBe("default");
    }

    [Theory]
    [InlineData("""{"provider":"other"}""", "provider")]
    [InlineData("""{"provider":"acme","endpoints":[{"region":"","baseUrl":"http://a.example","apiKeyVariable":"ACME_API_KEY"}]}""", "baseUrl")]
    [InlineData("""{"provider":"acme","endpoints":[{"region":"","baseUrl":"https://a.example","apiKeyVariable":"acme key"}]}""", "apiKeyVariable")]
    [InlineData("""{"provider":"acme","chat":{"maxTokensField":"limit"}}""", "maxTokensField")]
    [InlineData("""{"provider":"acme","chat":{"thinking":{"form":"think"}}}""", "chat.thinking.form")]
    [InlineData("""{"provider":"acme","otherHosts":["https://a.example"]}""", "otherHosts")]
    [InlineData("""{"provider":"acme","authorization":{"header":"X Key","scheme":""}}""", "authorization.header")]
    [InlineData("""{"provider":"acme","headers":{"Host":"a.example"}}""", "headers")]
    [InlineData("""{"provider":"acme","headers":{"authorization":"x"}}""", "headers")]
    [InlineData("""{"provider":"acme","authorization":{"header":"x-key","scheme":""},"headers":{"X-Key":"x"}}""", "headers")]
    [InlineData("""{"provider":"acme","headers":{"x a":"x"}}""", "headers")]
    [InlineData("""{"provider":"acme","headers":{"x-a":"x\r\ny: z"}}""", "headers")]
    [InlineData("""{"provider":"acme","messages":[{"prefix":"a"},{"prefix":"a"}]}""", "messages")]
    [InlineData("""{"provider":"acme","messages":[{"thinking":"Sometimes"}]}""", "acme.json")]
    [InlineData("""{"provider":"acme","disconnect":{"mode":"Drain","seconds":-1,"tokens":0}}""", "disconnect.seconds")]
    [InlineData("""{"provider":"acme","embeddings":{"dialect":"Morse"}}""", "embeddings.dialect")]
    [InlineData("""{"provider":"acme","embeddings":{"maxInputs":-1}}""", "embeddings.maxInputs")]
    [InlineData("""{"provider":"acme","embeddings":{"modelMaxInputs":{"m":0}}}""", "embeddings.modelMaxInputs")]
    [InlineData("""{"provider":"acme","embeddings":{"maxTokens":-1}}""", "embeddings.maxTokens")]
    [InlineData("""{"provider":"acme","embeddings":{"parallelCalls":0}}""", "embeddings.parallelCalls")]
    [InlineData("""{"provider":"acme","rerank":{"path":"//elsewhere/rerank"}}""", "rerank.path")]
    [InlineData("""{"provider":"acme","rerank":{"path":"https://elsewhere/rerank"}}""", "rerank.path")]
    [InlineData("""{"provider":"acme","rerank":{"maxDocuments":-1}}""", "rerank.maxDocuments")]
    [InlineData("""{"provider":"acme","colour":"red"}""", "colour")]
    [InlineData("""{"provider":""", "acme.json")]
    public void Broken_profile_stops_the_start_and_names_the_member(string json, string member)
    {
        File.WriteAllText(Path.Combine(_folder, "default.json"), """{"provider":"default"}""");
        File.WriteAllText(Path.Combine(_folder, "acme.json"), json);

        Should.Throw<InvalidDataException>(() => VendorProfiles.Load(_folder)).Message.ShouldContain(member);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
