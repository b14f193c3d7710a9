using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Orchestration.ServiceDefaults.Identity;

namespace Orchestration.ServiceDefaults.Tests.Identity;

public sealed class ServiceTokensTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Token_names_service_tenant_and_purpose() =>
        Tokens("gateway").Verify(Tokens("indexing").Issue("acme", "ingest")).ShouldBe(new ServiceCaller("indexing", "acme", "ingest"));

    [Fact]
    public void Token_with_any_byte_changed_is_refused()
    {
        var tokens = Tokens("gateway");
        var token = tokens.Issue("acme", "chat");

        for (var index = 0; index < token.Length - 1; index++)
        {
            var forged = token.ToCharArray();
            forged[index] = forged[index] == 'A' ? 'B' : 'A';
            tokens.Verify(new string(forged)).ShouldBeNull();
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("not base64 at all!")]
    [InlineData("AAAA")]
    public void Malformed_token_is_refused(string token) => Tokens("gateway").Verify(token).ShouldBeNull();

    [Fact]
    public void Token_of_unbounded_length_is_refused() => Tokens("gateway").Verify(new string('A', 100_000)).ShouldBeNull();

    [Fact]
    public void Token_signed_with_another_key_is_refused()
    {
        var stranger = new ServiceTokens(
            Options.Create(new ServiceIdentityOptions { SigningKey = Convert.ToBase64String(Guid.NewGuid().ToByteArray().Concat(Guid.NewGuid().ToByteArray()).ToArray()) }),
            new ServiceInfo("gateway", "1"), _time);

        Tokens("gateway").Verify(stranger.Issue("acme", "chat")).ShouldBeNull();
    }

    [Fact]
    public void Token_is_refused_once_its_lifetime_and_the_skew_have_passed()
    {
        var tokens = Tokens("gateway");
        var token = tokens.Issue("acme", "chat");

        _time.Advance(TimeSpan.FromSeconds(89));
        tokens.Verify(token).ShouldNotBeNull();
        _time.Advance(TimeSpan.FromSeconds(1));
        tokens.Verify(token).ShouldBeNull();
    }

    [Fact]
    public void Token_from_further_in_the_future_than_the_skew_is_refused()
    {
        var ahead = new FakeTimeProvider(_time.GetUtcNow() + TimeSpan.FromSeconds(31));
        var token = new ServiceTokens(Settings(), new ServiceInfo("gateway", "1"), ahead).Issue("acme", "chat");

        Tokens("gateway").Verify(token).ShouldBeNull();
    }

    [Fact]
    public void Token_is_memoised_and_renewed_before_it_expires()
    {
        var tokens = Tokens("gateway");
        var first = tokens.Issue("acme", "chat");

        tokens.Issue("acme", "chat").ShouldBeSameAs(first);
        tokens.Issue("acme", "query").ShouldNotBe(first);
        _time.Advance(TimeSpan.FromSeconds(46));
        tokens.Issue("acme", "chat").ShouldNotBe(first);
    }

    [Fact]
    public void Memory_of_tokens_is_bounded()
    {
        var tokens = Tokens("gateway");
        var first = tokens.Issue("tenant-0", "chat");
        for (var tenant = 1; tenant <= ServiceTokens.MemoLimit; tenant++)
        {
            tokens.Issue($"tenant-{tenant}", "chat");
        }

        tokens.Issue("tenant-0", "chat").ShouldNotBeSameAs(first);
    }

    [Theory]
    [InlineData("", "required")]
    [InlineData("c2hvcnQ=", "32 bytes")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "placeholder")]
    public void Weak_key_is_refused_without_being_shown(string key, string reason)
    {
        var result = new ServiceIdentityOptionsValidator().Validate(null, new ServiceIdentityOptions { SigningKey = key });

        result.Failed.ShouldBeTrue();
        result.FailureMessage.ShouldContain(reason);
        (key.Length > 0 && result.FailureMessage.Contains(key, StringComparison.Ordinal)).ShouldBeFalse();
    }

    private static IOptions<ServiceIdentityOptions> Settings() =>
        Options.Create(new ServiceIdentityOptions { SigningKey = TestSettings.SigningKey });

    private ServiceTokens Tokens(string service) => new(Settings(), new ServiceInfo(service, "1"), _time);
}
