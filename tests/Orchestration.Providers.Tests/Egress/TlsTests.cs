using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Providers.Tests.Host;
using Orchestration.Providers.Tests.Upstream;

namespace Orchestration.Providers.Tests.Egress;

public sealed class TlsTests(ProvidersFixture fixture)
{
    [Theory]
    [InlineData("localhost", false)]
    [InlineData("localhost", true)]
    [InlineData("elsewhere.example", false)]
    public async Task Server_that_is_not_who_it_says_is_sent_nothing(string name, bool expired)
    {
        await using var upstream = new TlsUpstream(name, expired);

        var answer = await Answer.OfAsync(fixture, Plans.Plan(Plans.Candidate($"tls-{name}-{expired}", upstream.Url)));

        (answer.Error!.FailureClass, answer.Error.Code).ShouldBe((FailureClass.ProviderUnreachable, "upstream_tls"));
        answer.Summary.Settlement.ShouldBe(Settlement.Released);
        upstream.Requests.ShouldBe(0);
    }

    [Theory]
    [InlineData("localhost", false, true)]
    [InlineData("localhost", true, false)]
    [InlineData("elsewhere.example", false, false)]
    public async Task Authority_of_a_host_vouches_for_its_valid_certificate_and_for_nothing_else(string name, bool expired, bool trusted)
    {
        await using var upstream = new TlsUpstream(name, expired);
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await System.IO.File.WriteAllTextAsync(file, upstream.AuthorityPem, TestContext.Current.CancellationToken);
        await using var trusting = new ProvidersFixture();
        trusting.Settings["Egress:CertificateAuthorities:localhost"] = file;
        await trusting.InitializeAsync();

        var answer = await Answer.OfAsync(trusting, Plans.Plan(Plans.Candidate("tls-own", upstream.Url)));

        (answer.Error?.Code ?? "").ShouldBe(trusted ? "" : "upstream_tls");
        System.IO.File.Delete(file);
    }
}
