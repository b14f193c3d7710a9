using System.Text;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Protocols.Anthropic;
using Orchestration.Protocols.OpenAI;
using Orchestration.Providers.Dialects;
using Orchestration.Providers.Profiles;
using File = System.IO.File;

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
    [InlineData("""{"provider":"acme","proof":{"status":"live"}}""", "proof.date")]
    [InlineData("""{"provider":"acme","proof":{"status":"guessed"}}""", "proof.status")]
    [InlineData("""{"provider":"acme","endpoints":[{"region":"","baseUrl":"https://a.example","apiKeyVariable":"A","residency":"moon"}]}""", "endpoints.residency")]
    [InlineData("""{"provider":"acme","endpoints":[{"region":"","baseUrl":"https://{a b}.example","apiKeyVariable":"A"}]}""", "endpoints.baseUrl")]
    [InlineData("""{"provider":"acme","headers":{"Authorization":"x"}}""", "headers.Authorization")]
    [InlineData("""{"provider":"acme","headers":{"X-A":"a\r\nb"}}""", "headers.X-A")]
    [InlineData("""{"provider":"acme","chat":{"path":"https://evil.example/"}}""", "chat.path")]
    [InlineData("""{"provider":"acme","chat":{"responseFormat":"xml"}}""", "chat.responseFormat")]
    [InlineData("""{"provider":"acme","chat":{"rules":[{"param":"messages","action":"drop"}]}}""", "chat.rules[0].param")]
    [InlineData("""{"provider":"acme","chat":{"rules":[{"param":"top_p","min":2,"max":1}]}}""", "chat.rules[0].min")]
    [InlineData("""{"provider":"acme","chat":{"rules":[{"param":"top_p","action":"rename"}]}}""", "chat.rules[0].to")]
    [InlineData("""{"provider":"acme","chat":{"rules":[{"param":"top_p","action":"fix"}]}}""", "chat.rules[0].value")]
    [InlineData("""{"provider":"acme","chat":{"rules":[{"param":"top_p"}]}}""", "chat.rules[0].action")]
    [InlineData("""{"provider":"acme","chat":{"rules":[{"param":"top_p","action":"halve"}]}}""", "chat.rules[0].action")]
    [InlineData("""{"provider":"acme","chat":{"models":[{"match":[]}]}}""", "chat.models[0].match")]
    [InlineData("""{"provider":"acme","chat":{"models":[{}]}}""", "chat.models[0]")]
    [InlineData("""{"provider":"acme","chat":{"models":[{"match":["a"],"colour":"red"}]}}""", "chat.models[0]")]
    [InlineData("""{"provider":"acme","chat":{"models":[{"match":["a"],"thinking":{"form":"effort","effortField":""}}]}}""", "chat.models[0].thinking.effortField")]
    [InlineData("""{"provider":"acme","chat":{"answer":{"doneIsOnlyEnd":true,"doneEndsOpenChoices":true}}}""", "chat.answer.doneIsOnlyEnd")]
    [InlineData("""{"provider":"acme","errors":{"statuses":{"200":"ProviderError"}}}""", "errors.statuses")]
    [InlineData("""{"provider":"acme","errorCodes":{"1":"NoSuchClass"}}""", "errorCodes")]
    [InlineData("""{"provider":"acme","retry":{"resetHeaders":["a b"]}}""", "retry.resetHeaders")]
    [InlineData("""{"provider":"acme","provider":"acme"}""", "provider")]
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

    [Fact]
    public void Profile_of_the_documentation_is_a_whole_vendor()
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "providers.md"));
        var start = text.IndexOf("```json", StringComparison.Ordinal) + "```json".Length;
        File.WriteAllText(Path.Combine(_folder, "default.json"), """{"provider":"default"}""");
        File.WriteAllText(Path.Combine(_folder, "acme.json"), text[start..text.IndexOf("```", start, StringComparison.Ordinal)]);

        var profile = VendorProfiles.Load(_folder).For("acme");
        var request = new ChatRequest { Reasoning = new Reasoning { Enabled = true, BudgetTokens = 64 }, Sampling = new Sampling { Temperature = 0, Seed = 7 }, ChoiceCount = 1 };

        Encode(request, profile, "acme-1").ShouldBe("""{"model":"acme-1","messages":[],"temperature":0.01,"enable_thinking":true,"thinking_budget":64,"random_seed":7} streams False""");
        Encode(request, profile, "acme-think-2").ShouldBe(
            """{"model":"acme-think-2","messages":[],"temperature":0.01,"thinking_budget":64,"stream":true,"stream_options":{"include_usage":true},"random_seed":7} streams True""");
        profile.ErrorRules.Texts.Single().Class.ShouldBe(FailureClass.ProviderConcurrency);
        profile.AnswersAt(new Uri("https://intl.acme.example/v1")).ShouldBeTrue();
    }

    [Fact]
    public void Models_rules_replace_the_vendors_for_the_same_member_and_keep_the_others()
    {
        File.WriteAllText(Path.Combine(_folder, "default.json"), """{"provider":"default"}""");
        File.WriteAllText(Path.Combine(_folder, "acme.json"), """
            {"provider":"acme","chat":{"developerRole":true,"thinking":{"form":"thinking","byDefault":true},
             "rules":[{"param":"temperature","max":1},{"param":"top_p","max":1}],
             "models":[{"match":["special*"],"rules":[{"param":"temperature","action":"pass"}],"thinking":{"byDefault":false}},{"match":["*"],"developerRole":false}]}}
            """);

        var chat = VendorProfiles.Load(_folder).For("acme").Chat;
        chat.For("SPECIAL-1").Rules.Select(r => (r.Param, r.Action)).ShouldBe([("top_p", ParameterAction.Limit), ("temperature", ParameterAction.Pass)]);
        (chat.For("special-1").Thinking.Form, chat.For("special-1").Thinking.ByDefault, chat.For("special-1").DeveloperRole).ShouldBe(("thinking", false, true));
        chat.For("other").DeveloperRole.ShouldBeFalse();
    }

    [Fact]
    public void Address_that_is_different_for_each_account_is_nobodys_own()
    {
        var azure = VendorProfiles.Load(Path.Combine(AppContext.BaseDirectory, "Profiles")).For("azure");

        azure.AnswersAt(new Uri("https://resource.openai.azure.com/openai/v1")).ShouldBeFalse();
        azure.Authorization.ShouldBe(new AuthorizationStyle("api-key", ""));
    }

    private static string Encode(ChatRequest request, VendorProfile profile, string model)
    {
        var encoded = new OpenAIDialect().Encode(request, new Deployment { UpstreamModel = model }, profile, 0);
        return $"{Encoding.UTF8.GetString(encoded.Body.Span)} streams {encoded.Streams}";
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
