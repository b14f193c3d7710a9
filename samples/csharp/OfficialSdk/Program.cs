using System.ClientModel;
using OpenAI;
using OpenAI.Chat;

var url = Environment.GetEnvironmentVariable("ORCHESTRATION_URL") ?? "http://localhost:8080";
var chat = new ChatClient(
    Environment.GetEnvironmentVariable("ORCHESTRATION_MODEL") ?? "auto",
    new ApiKeyCredential(Environment.GetEnvironmentVariable("ORCHESTRATION_KEY") ?? throw new InvalidOperationException("Set ORCHESTRATION_KEY to a key of your project.")),
    new OpenAIClientOptions { Endpoint = new Uri($"{url}/v1") });

try
{
    await foreach (var update in chat.CompleteChatStreamingAsync([new UserChatMessage("Which planet is the largest?")]))
    {
        foreach (var part in update.ContentUpdate)
            Console.Write(part.Text);
        if (update.Usage is { } usage)
        {
            Console.WriteLine();
            Console.WriteLine($"usage: {usage.InputTokenCount} in, {usage.OutputTokenCount} out, by {update.Model}");
        }
    }

    return 0;
}
catch (ClientResultException refused)
{
    Console.Error.WriteLine($"refused: {refused.Status}: {refused.Message}");
    return 1;
}
