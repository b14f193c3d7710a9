using System.Security.Cryptography;
using Orchestration.Providers.Credentials;
using Orchestration.ServiceDefaults.Secrets;

namespace Orchestration.Providers.Tests.Credentials;

public sealed class EnvelopeTests
{
    private static readonly RowIdentity Row = new(Guid.CreateVersion7(), "moonshot", "cn");
    private static readonly Secret Key = new("sk-a-key-of-moonshot");
    private readonly string _master = NewMaster();

    [Fact]
    public void Sealed_key_is_opened_for_its_own_row()
    {
        var envelope = NewEnvelope(_master);

        envelope.Open(Row, envelope.Seal(Row, Key)!)!.Reveal().ShouldBe(Key.Reveal());
    }

    [Fact]
    public void Sealed_key_cannot_be_moved_to_another_row()
    {
        var envelope = NewEnvelope(_master);
        var sealedSecret = envelope.Seal(Row, Key)!;

        envelope.Open(Row with { Id = Guid.CreateVersion7() }, sealedSecret).ShouldBeNull();
        envelope.Open(Row with { Provider = "moonsho", Region = "tcn" }, sealedSecret).ShouldBeNull();
        envelope.Open(Row with { Region = "intl" }, sealedSecret).ShouldBeNull();
    }

    [Fact]
    public void Data_key_of_one_row_does_not_open_another()
    {
        var envelope = NewEnvelope(_master);
        var other = Row with { Id = Guid.CreateVersion7() };
        var mixed = envelope.Seal(Row, Key)! with { WrappedKey = envelope.Seal(other, Key)!.WrappedKey };

        envelope.Open(Row, mixed).ShouldBeNull();
    }

    [Fact]
    public void Every_altered_byte_is_noticed()
    {
        var envelope = NewEnvelope(_master);
        var whole = envelope.Seal(Row, Key)!;

        foreach (var part in (Func<SealedSecret, byte[]>[])[s => s.Ciphertext, s => s.Nonce, s => s.WrappedKey])
            for (var i = 0; i < part(whole).Length; i++)
            {
                part(whole)[i] ^= 1;
                envelope.Open(Row, whole).ShouldBeNull();
                part(whole)[i] ^= 1;
            }

        envelope.Open(Row, whole).ShouldNotBeNull();
    }

    [Fact]
    public void Truncated_parts_are_refused_without_an_error()
    {
        var envelope = NewEnvelope(_master);
        var whole = envelope.Seal(Row, Key)!;

        envelope.Open(Row, whole with { Ciphertext = whole.Ciphertext[..10] }).ShouldBeNull();
        envelope.Open(Row, whole with { WrappedKey = whole.WrappedKey[..20] }).ShouldBeNull();
        envelope.Open(Row, whole with { WrappedKey = [] }).ShouldBeNull();
        envelope.Open(Row, whole with { Nonce = [] }).ShouldBeNull();
    }

    [Fact]
    public void Row_of_an_earlier_master_key_stays_readable_as_long_as_that_key_is_configured()
    {
        var old = NewEnvelope(_master).Seal(Row, Key)!;
        var next = NewMaster();

        NewEnvelope(next, _master).Open(Row, old)!.Reveal().ShouldBe(Key.Reveal());
        NewEnvelope(next).Open(Row, old).ShouldBeNull();
        NewEnvelope(next, _master).Seal(Row, Key)!.KeyVersion.ShouldNotBe(old.KeyVersion);
    }

    [Fact]
    public void Same_key_is_told_again_by_its_fingerprint_and_sealed_differently_each_time()
    {
        var envelope = NewEnvelope(_master);
        var (first, second) = (envelope.Seal(Row, Key)!, envelope.Seal(Row with { Id = Guid.CreateVersion7() }, Key)!);

        second.Fingerprint.ShouldBe(first.Fingerprint);
        second.Ciphertext.ShouldNotBe(first.Ciphertext);
        envelope.Fingerprints(Row, new Secret("sk-another-key")).ShouldNotContain(f => f.SequenceEqual(first.Fingerprint));
    }

    [Fact]
    public void Nothing_is_sealed_without_a_master_key() => NewEnvelope("").Seal(Row, Key).ShouldBeNull();

    [Fact]
    public void Master_key_is_read_from_its_file_first()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, _master + "\n");
        try
        {
            var fromFile = new MasterKeys(new CredentialOptions { MasterKeyFile = path, MasterKey = NewMaster() });

            fromFile.Current!.Version.ShouldBe(new MasterKeys(new CredentialOptions { MasterKey = _master }).Current!.Version);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("short", "", false)]
    [InlineData("", "/nowhere/master.key", false)]
    [InlineData("", "", true)]
    public void Wrong_master_key_stops_the_start(string key, string file, bool valid)
    {
        var options = new CredentialOptions { MasterKey = key, MasterKeyFile = file };

        new CredentialOptionsValidator().Validate(null, options).Succeeded.ShouldBe(valid);
    }

    [Fact]
    public void Secret_prints_stars_only()
    {
        Key.ToString().ShouldBe("********");
        $"{new { Key }}".ShouldNotContain("moonshot");
        new Secret("short-key").LastFour.ShouldBe("");
        Key.LastFour.ShouldBe("shot");
        Secret.Parse("with a blank").ShouldBeNull();
        Secret.Parse("schlüssel-mit-umlaut").ShouldBeNull();
    }

    private static string NewMaster() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static CredentialEnvelope NewEnvelope(string master, params string[] previous)
    {
        var options = new CredentialOptions { MasterKey = master };
        foreach (var key in previous) options.PreviousMasterKeys.Add(key);
        return new CredentialEnvelope(new SecretEnvelope(new MasterKeys(options)));
    }
}
