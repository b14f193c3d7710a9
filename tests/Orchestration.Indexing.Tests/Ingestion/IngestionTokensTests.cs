using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Orchestration.Indexing.Ingestion;
using Orchestration.ServiceDefaults.Identity;

namespace Orchestration.Indexing.Tests.Ingestion;

public sealed class IngestionTokensTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));
    private readonly IngestionTokens _tokens;

    public IngestionTokensTests() =>
        _tokens = new IngestionTokens(Options.Create(new ServiceIdentityOptions { SigningKey = Convert.ToBase64String(Key) }), _clock);

    [Fact]
    public void Genuine_token_names_tenant_and_collection() =>
        _tokens.Verify(Token(1_800_000_060)).ShouldBe(new IngestionGrant("acme", "help"));

    [Fact]
    public void Token_ends_at_its_expiry() => _tokens.Verify(Token(1_800_000_000)).ShouldBeNull();

    [Fact]
    public void Every_changed_character_is_noticed()
    {
        var token = Token(1_800_000_060);
        // The last character of each part holds padding bits that decode to nothing; the ones before carry the content.
        for (var i = 0; i < token.Length - 1; i++)
        {
            var changed = token.ToCharArray();
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            _tokens.Verify(new string(changed)).ShouldBeNull();
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("it1")]
    [InlineData("it1..")]
    [InlineData("it2.e30.AAAA")]
    [InlineData("it1.???.???")]
    public void Nonsense_is_refused(string token) => _tokens.Verify(token).ShouldBeNull();

    private static string Token(long expiry)
    {
        var signed = "it1." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"tenant":"acme","collection":"help","exp":{{expiry}}}"""));
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes("ingestion:" + signed)))}";
    }
}
