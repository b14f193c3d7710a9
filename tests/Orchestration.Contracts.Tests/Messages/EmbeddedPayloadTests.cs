using System.Text.Json;
using Orchestration.Contracts.Messages;

namespace Orchestration.Contracts.Tests.Messages;

public sealed class EmbeddedPayloadTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("""{"cost":0.000000000000001,"tags":{"a":"\"\\\u00e9"},"text":"价格"}""")]
    [InlineData("""{ "spaced" : [1, 2.50, null] }""")]
    [InlineData("""{"twice":1,"twice":2}""")]
    [InlineData("")]
    [InlineData("no json")]
    [InlineData("{\"cut\":")]
    [InlineData("{} {}")]
    [InlineData("\"a string\"")]
    [InlineData("[1]")]
    [InlineData("42")]
    public void Payload_comes_back_as_it_was(string payload) => Read(Write(payload)).ShouldBe(payload);

    [Fact]
    public void Object_is_not_escaped() => Write("""{"a":"b"}""").ShouldContain(""","Payload":{"a":"b"}""");

    [Fact]
    public void Payload_of_an_earlier_version_is_read() =>
        Read(Write("""{"a":"b"}""").Replace("""{"a":"b"}""", """
            "{\u0022a\u0022:\"b\"}"
            """.Trim(), StringComparison.Ordinal)).ShouldBe("""{"a":"b"}""");

    [Theory]
    [InlineData("42")]
    [InlineData("[]")]
    [InlineData("true")]
    public void What_is_neither_object_nor_text_is_refused(string json) =>
        Should.Throw<JsonException>(() => Read(Write("""{"a":"b"}""").Replace("""{"a":"b"}""", json, StringComparison.Ordinal)));

    private static string Write(string payload) => JsonSerializer.Serialize(new LedgerEvent
    {
        EventId = Guid.CreateVersion7(),
        Type = "RequestAdmitted",
        PayloadVersion = 1,
        OccurredAt = DateTimeOffset.UnixEpoch,
        Payload = payload,
    });

    private static string Read(string json) => JsonSerializer.Deserialize<LedgerEvent>(json)!.Payload;
}
