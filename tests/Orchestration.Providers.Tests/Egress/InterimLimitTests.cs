using System.Text;
using Orchestration.Providers.Egress;

namespace Orchestration.Providers.Tests.Egress;

public sealed class InterimLimitTests
{
    private const string Interim = "HTTP/1.1 103 Early Hints\r\nLink: </HTTP/1.1 1>\r\n\r\n";
    private const string Final = "HTTP/1.1 200 OK\r\n\r\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public async Task Eight_pass_and_the_ninth_does_not_wherever_reads_are_split(int piece)
    {
        (await ReadAsync(Repeat(8) + Final, piece)).ShouldBe(Repeat(8) + Final);
        await Should.ThrowAsync<TooManyInterimAnswersException>(() => ReadAsync(Repeat(9) + Final, piece));
    }

    [Fact]
    public async Task Line_ends_without_carriage_return_count_as_well() =>
        await Should.ThrowAsync<TooManyInterimAnswersException>(() => ReadAsync(Repeat(9).Replace("\r", "", StringComparison.Ordinal), 5));

    [Fact]
    public async Task Body_that_looks_like_interim_answers_passes() =>
        (await ReadAsync(Final + Repeat(20), 4096)).ShouldEndWith(Repeat(20));

    [Fact]
    public async Task What_comes_without_a_request_is_not_looked_at() =>
        (await ReadAsync(Repeat(20), 4096, requestFirst: false)).ShouldBe(Repeat(20));

    private static string Repeat(int count) => string.Concat(Enumerable.Repeat(Interim, count));

    private static async Task<string> ReadAsync(string answer, int piece, bool requestFirst = true)
    {
        using var wire = new MemoryStream();
        await using var limited = new InterimLimit(wire);
        if (requestFirst) await limited.WriteAsync("POST / HTTP/1.1\r\n\r\n"u8.ToArray(), Cancellation);
        wire.SetLength(0);
        wire.Write(Encoding.ASCII.GetBytes(answer));
        wire.Position = 0;
        var read = new StringBuilder();
        var buffer = new byte[piece];
        for (int bytes; (bytes = await limited.ReadAsync(buffer, Cancellation)) > 0;) read.Append(Encoding.ASCII.GetString(buffer, 0, bytes));
        return read.ToString();
    }
}
