namespace Orchestration.Routing.Classification;

/// <summary>Takes the features of a prompt one by one: inference adds up their weights, training writes them down.</summary>
internal interface IFeatureSink
{
    /// <summary>A word, pair of words or run of characters; counts as often as it occurs.</summary>
    public void AddGram(int index);

    /// <summary>A property of the whole prompt.</summary>
    public void AddShape(int index);
}
