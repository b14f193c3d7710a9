using Orchestration.Contracts.Errors.V1;
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
    [InlineData("""{"provider":"acme","disconnect":{"mode":"Drain","seconds":-1,"tokens":0}}""", "disconnect.seconds")]
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
