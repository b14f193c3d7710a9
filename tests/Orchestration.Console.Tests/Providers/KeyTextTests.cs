using Google.Protobuf.WellKnownTypes;
using Orchestration.Console.Providers;
using Orchestration.Contracts.Providers.V1;

namespace Orchestration.Console.Tests.Providers;

public sealed class KeyTextTests
{
    [Fact]
    public void Proof_is_told_with_its_date_only_when_it_is_live()
    {
        var day = Timestamp.FromDateTimeOffset(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));

        KeyText.Proof(new Vendor { Proof = VendorProof.Live, ProvedAt = day }).ShouldBe("live, 2026-03-01");
        KeyText.Proof(new Vendor { Proof = VendorProof.Recorded }).ShouldBe("recorded");
        KeyText.Proof(new Vendor()).ShouldBe("simulator");
    }

    [Fact]
    public void Region_says_where_its_keys_come_from()
    {
        KeyText.Region(new VendorRegion { Region = "cn", CredentialSource = "stored", Credentials = 3, UsableCredentials = 2 }).ShouldBe("cn: stored, 2 of 3 usable");
        KeyText.Region(new VendorRegion()).ShouldBe("one region: no key");
    }

    [Fact]
    public void Key_of_the_environment_that_a_stored_one_stands_before_is_said_not_to_be_used()
    {
        var key = new Credential { Id = "environment:DEEPSEEK_API_KEY", Source = "environment", State = CredentialState.Active };

        (KeyText.Name(key), KeyText.State(key), KeyText.LastFour(key)).ShouldBe(("DEEPSEEK_API_KEY", "not used", "…"));
        KeyText.Reason(key).ShouldBe("Stored keys come before the environment's.");
    }

    [Fact]
    public void Parked_key_says_when_it_is_tried_again()
    {
        var at = Timestamp.FromDateTimeOffset(new DateTimeOffset(2026, 3, 1, 12, 30, 0, TimeSpan.Zero));
        var key = new Credential { InUse = true, State = CredentialState.Parked, Reason = "The account is empty.", RetryAt = at };

        KeyText.State(key).ShouldBe("parked");
        KeyText.Reason(key).ShouldBe("The account is empty. Tried again at 12:30:00.000 UTC.");
    }

    [Theory]
    [InlineData(0, 0, "2 / no limit")]
    [InlineData(10, 0, "2 / 10")]
    [InlineData(10, 4, "2 / 4")]
    public void Load_is_told_against_what_holds_now(int configured, int adaptive, string text) =>
        KeyText.Load(new Credential { InFlight = 2, ConcurrencyLimit = configured, AdaptiveLimit = adaptive }).ShouldBe(text);

    [Fact]
    public void Vendors_with_a_key_come_first()
    {
        var overview = new VendorOverview(
            [new Vendor { Provider = "a", Name = "A" }, new Vendor { Provider = "z", Name = "Z" }], [new Credential { Provider = "z" }]);

        overview.Ordered.Select(v => v.Name).ShouldBe(["Z", "A"]);
        overview.KeysOf(overview.Vendors[1]).Count().ShouldBe(1);
    }
}
