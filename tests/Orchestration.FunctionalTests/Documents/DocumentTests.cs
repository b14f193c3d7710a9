using System.Net.Http.Json;
using System.Text.Json;
using MassTransit;
using Orchestration.Contracts.Messages;

namespace Orchestration.FunctionalTests.Documents;

/// <summary>A document goes in by queue message and is found again.</summary>
public sealed class DocumentTests(SystemFixture system)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Submitted_document_is_found_by_what_it_says()
    {
        const string Collection = "functional-shipping";
        var token = await IngestionTokenAsync(Collection);
        await PublishAsync(new DocumentSubmitted { IngestionToken = token, DocumentId = "returns", Title = "Returns", Text = "Parcels may be sent back within thirty days of delivery." });
        await PublishAsync(new DocumentSubmitted { IngestionToken = token, DocumentId = "payment", Title = "Payment", Text = "We accept bank transfer, card and invoice for companies." });
        await IndexedAsync(Collection, "returns");
        await IndexedAsync(Collection, "payment");

        using var response = await system.Gateway.PostAsync(
            $"/v1/collections/{Collection}/search", HttpContentJson.Json("""{"query":"Until when may parcels be sent back after delivery?","limit":2}"""), Cancellation);
        response.EnsureSuccessStatusCode();

        var passages = (await response.Content.ReadAsAsync(Cancellation)).GetProperty("data").EnumerateArray().ToList();
        passages[0].GetProperty("document_id").GetString().ShouldBe("returns");
    }

    [Fact]
    public async Task Message_with_a_forged_token_indexes_nothing()
    {
        const string Collection = "functional-forged";
        var genuine = await IngestionTokenAsync(Collection);
        await PublishAsync(new DocumentSubmitted { IngestionToken = genuine[..^4] + "AAAA", DocumentId = "forged", Title = "", Text = "This must never be found." });
        await PublishAsync(new DocumentSubmitted { IngestionToken = genuine, DocumentId = "genuine", Title = "", Text = "This must be found." });
        await IndexedAsync(Collection, "genuine");

        using var response = await system.Gateway.GetAsync($"/v1/collections/{Collection}/documents/forged", Cancellation);

        response.StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
    }

    private async Task<string> IngestionTokenAsync(string collection)
    {
        using var response = await system.Gateway.PostAsync($"/v1/collections/{collection}/ingestion-tokens", HttpContentJson.Json("{}"), Cancellation);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadAsAsync(Cancellation)).GetProperty("token").GetString()!;
    }

    private async Task PublishAsync(DocumentSubmitted message)
    {
        var bus = Bus.Factory.CreateUsingRabbitMq(configuration => configuration.Host(new Uri(system.Endpoints.Messaging)));
        await bus.StartAsync(Cancellation);
        await bus.Publish(message, Cancellation);
        await bus.StopAsync(Cancellation);
    }

    private async Task IndexedAsync(string collection, string document)
    {
        for (var i = 0; i < 200; i++)
        {
            using var response = await system.Gateway.GetAsync($"/v1/collections/{collection}/documents/{document}", Cancellation);
            if (response.IsSuccessStatusCode && (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("state").GetString() == "indexed")
                return;

            await Task.Delay(100, Cancellation);
        }

        throw new TimeoutException($"Document {document} was not indexed in 20 seconds.");
    }
}
