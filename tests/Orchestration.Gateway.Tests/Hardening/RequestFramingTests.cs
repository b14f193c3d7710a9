using System.Text;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Hardening;

public sealed class RequestFramingTests(GatewayFixture fixture)
{
    [Theory]
    [InlineData("HTTP/1.1", "Transfer-Encoding: identity, chunked\r\n")]
    [InlineData("HTTP/1.1", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")]
    [InlineData("HTTP/1.1", "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n")]
    [InlineData("HTTP/1.1", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n")]
    [InlineData("HTTP/1.0", "Transfer-Encoding: chunked\r\n")]
    public async Task Request_with_two_ends_is_refused_and_nothing_after_it_is_read(string version, string framing)
    {
        var request = $"POST /v1/embeddings {version}\r\nHost: h\r\nAuthorization: Bearer {fixture.Gateway.Settings.ClientKey}\r\nContent-Type: application/json\r\n{framing}\r\n0\r\n\r\n";

        (await SayAsync(request)).ShouldHaveSingleItem().Status.ShouldBe(400);
        // A server that ends a connection on which something stands unread resets it, and its answer may be lost on the way.
        var answers = await SayAsync(request + "GET /v1/models HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        answers.Count.ShouldBeLessThanOrEqualTo(1);
        answers.ShouldAllBe(answer => answer.Status == 400);
    }

    [Fact]
    public async Task Plain_chunked_body_is_read_to_its_end_and_what_follows_from_its_beginning()
    {
        var answers = await SayAsync(
            $"POST /v1/embeddings HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {fixture.Gateway.Settings.ClientKey}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\nGET /v1/models HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

        answers.Select(answer => answer.Status).ShouldBe([400, 401]);
        answers[0].Body.ShouldNotContain("ambiguous_framing");
    }

    [Theory]
    [InlineData("Content-Length: +2")]
    [InlineData("Content-Length: -2")]
    [InlineData("Content-Length: 0x2")]
    [InlineData("Content-Length: 2 2")]
    [InlineData("Content-Length: 00000000000000000000000000000000002")]
    [InlineData("Content-Length: 2\r\nX(: 1")]
    [InlineData("Content-Length: 2\r\nX\"y: 1")]
    [InlineData("Content-Length: 2\r\nContent-Length(: 9")]
    public async Task Length_that_is_no_number_and_name_that_is_no_token_are_refused(string headers)
    {
        var answers = await SayAsync($"POST /v1/embeddings HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n{headers}\r\n\r\n{{}}GET /v1/models HTTP/1.1\r\nHost: h\r\n\r\n");

        answers.ShouldHaveSingleItem().Status.ShouldBe(400);
    }

    [Theory]
    [InlineData("Content-Length: 2")]
    [InlineData("Content-Length:   2  ")]
    [InlineData("content-length: 02\r\nX-!#$%&'*+.^_`|~: 1")]
    public async Task Plain_length_and_every_token_are_taken(string headers)
    {
        var answers = await SayAsync($"POST /v1/embeddings HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Type: application/json\r\n{headers}\r\n\r\n{{}}");

        answers.ShouldHaveSingleItem().Status.ShouldBe(401);
    }

    private async Task<IReadOnlyList<RawAnswer>> SayAsync(string words) =>
        RawAnswer.Read(await RawConnection.SayAsync(fixture.Gateway.HttpAddress, Encoding.ASCII.GetBytes(words), ends: false, TestContext.Current.CancellationToken));
}
