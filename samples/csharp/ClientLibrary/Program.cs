using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Orchestration.Client;

var services = new ServiceCollection();
services.AddOrchestrationClient(client =>
{
    client.Address = new Uri(Environment.GetEnvironmentVariable("ORCHESTRATION_URL") ?? "http://localhost:8081");
    client.ApiKey = Environment.GetEnvironmentVariable("ORCHESTRATION_KEY") ?? "";
    client.Model = Environment.GetEnvironmentVariable("ORCHESTRATION_MODEL") ?? "auto";
});
await using var provider = services.BuildServiceProvider();

try
{
    // A streamed answer; its last update says what it cost.
    var chat = provider.GetRequiredService<IChatClient>();
    List<ChatResponseUpdate> updates = [];
    await foreach (var update in chat.GetStreamingResponseAsync("Which planet is the largest?"))
    {
        Console.Write(update.Text);
        updates.Add(update);
    }

    var answer = updates.ToChatResponse();
    var facts = answer.GetOrchestrationFacts()!;
    Console.WriteLine();
    Console.WriteLine(
        $"usage: {answer.Usage!.InputTokenCount} in, {answer.Usage.OutputTokenCount} out, {facts.Cost} {facts.Currency} at {facts.Provider}/{facts.Model}, request {facts.RequestId}");

    // A tool that the library calls by itself whenever the model asks for it.
    using var assistant = chat.AsBuilder().UseFunctionInvocation().Build();
    var weather = AIFunctionFactory.Create(
        (string city) =>
        {
            Console.WriteLine($"tool: weather({city})");
            return $"7 degrees in {city}";
        },
        "weather",
        "Tells the weather of a city.");
    Console.WriteLine(await assistant.GetResponseAsync("What is the weather in Oslo?", new ChatOptions { Tools = [weather] }));
    return 0;
}
catch (OrchestrationLimitException limit)
{
    Console.Error.WriteLine($"refused: {limit.Code}: {limit.Limit}; come back after {limit.RetryAfter}");
}
catch (OrchestrationException failure)
{
    Console.Error.WriteLine($"refused: {failure.Code}: {failure.Message} (request {failure.RequestId}, {failure.Tries} tries)");
}

return 1;
