using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Orchestration.Simulator.Tests.Embeddings;

public sealed class EmbeddingsTests(SimulatorHost simulator)
{
    private async Task<JsonElement> EmbedAsync(object body)
    {
        using var response = await simulator.SendAsync("openai/v1/embeddings", body);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }

    private async Task<float[][]> VectorsAsync(params string[] input)
    {
        var answer = await EmbedAsync(new { model = "text-embedding-3-small", input });
        return [.. answer.GetProperty("data").EnumerateArray()
            .Select(item => item.GetProperty("embedding").EnumerateArray().Select(value => value.GetSingle()).ToArray())];
    }

    private static float Similarity(float[] left, float[] right) => left.Zip(right, (a, b) => a * b).Sum();

    [Fact]
    public async Task Similar_texts_have_similar_vectors()
    {
        var vectors = await VectorsAsync(
            "How do I reset my password?", "I forgot my password and need to reset it", "The train to Berlin leaves at noon",
            "如何重置我的密码?", "我忘记了密码,需要重置", "今天的天气非常好");

        Similarity(vectors[0], vectors[1]).ShouldBeGreaterThan(Similarity(vectors[0], vectors[2]) + 0.2f);
        Similarity(vectors[3], vectors[4]).ShouldBeGreaterThan(Similarity(vectors[3], vectors[5]) + 0.1f);
        foreach (var vector in vectors)
            Similarity(vector, vector).ShouldBe(1, 0.001);
    }

    [Fact]
    public async Task Base64_carries_the_same_numbers_as_floats()
    {
        var floats = (await VectorsAsync("the same"))[0];

        var answer = await EmbedAsync(new { model = "text-embedding-3-small", input = "the same", encoding_format = "base64" });

        var bytes = answer.GetProperty("data")[0].GetProperty("embedding").GetBytesFromBase64();
        MemoryMarshal.Cast<byte, float>(bytes).ToArray().ShouldBe(floats);
        answer.GetProperty("usage").GetRawText().ShouldBe("""{"prompt_tokens":2,"total_tokens":2}""");
    }

    [Fact]
    public async Task Dimensions_follow_the_request_then_the_model()
    {
        (await VectorsAsync("x"))[0].Length.ShouldBe(1536);

        var answer = await EmbedAsync(new { model = "text-embedding-3-small", input = new[] { "x" }, dimensions = 64 });

        answer.GetProperty("data")[0].GetProperty("embedding").GetArrayLength().ShouldBe(64);
    }

    [Fact]
    public async Task Token_arrays_are_accepted_and_counted()
    {
        var answer = await EmbedAsync(new { model = "text-embedding-3-small", input = new[] { new[] { 1, 2, 3 }, [4] } });

        answer.GetProperty("data").GetArrayLength().ShouldBe(2);
        answer.GetProperty("usage").GetProperty("total_tokens").GetInt32().ShouldBe(4);
    }

    [Theory]
    [InlineData("""{"model":"m","input":[]}""")]
    [InlineData("""{"model":"m","input":{"a":1}}""")]
    [InlineData("""{"model":"m","input":"x","dimensions":0}""")]
    [InlineData("""{"input":"x"}""")]
    [InlineData("""{"model":"m","input":["x",1]}""")]
    public async Task Bad_request_is_refused(string body)
    {
        using var response = await simulator.Client.PostAsync("openai/v1/embeddings", new StringContent(body), TestContext.Current.CancellationToken);

        ((int)response.StatusCode).ShouldBe(400);
    }
}
